import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScript } from "../support/cli";
import { launch } from "../support/processes";
import { embeddedSettings } from "../support/shared-deployment";

let base: string;

const start = (script: string, dir: string, ...words: string[]) =>
  runScript(script, words, embeddedSettings(dir));
const onekey = (dir: string, ...words: string[]) => start("dist/cli.js", dir, ...words);

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), "onekey-damaged-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

test("a damaged file stops the start; doctor names it and salvages what can be read", async () => {
  const dir = path.join(base, "data");
  for (const email of ["ada@example.com", "bob@example.com"])
    expect((await onekey(dir, "account", "create", "--email", email, "--credits", "5")).code).toBe(
      0,
    );
  expect(await onekey(dir, "doctor")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("no damage") as string,
  });
  const files = path.join(dir, "sandbox");
  const segment = (await readdir(files))
    .filter((name) => name.startsWith("segment-"))
    .toSorted()[0] as string;
  const bytes = await readFile(path.join(files, segment));
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(path.join(files, segment), bytes);
  const before = (await readdir(files)).toSorted();

  const databaseStart = await start("dist/database.js", dir);
  expect(databaseStart).toMatchObject({ code: 1, stdout: "" });
  expect(databaseStart.stderr).toMatch(
    new RegExp(`${segment} is damaged at byte \\d+: its checksum is wrong`),
  );
  expect(databaseStart.stderr).toContain("doctor --salvage");
  expect((await readdir(files)).toSorted()).toEqual(before);

  const doctor = await onekey(dir, "doctor");
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain(segment);
  const salvageDir = path.join(base, "salvaged");
  expect((await onekey(dir, "doctor", "--salvage", salvageDir)).stdout).toContain("Written to");
  expect((await onekey(salvageDir, "doctor")).code).toBe(0);
  expect((await onekey(salvageDir, "audit")).stdout).toMatch(/accounts, /);
});

test("a backup is made while the database is used, and its keys work", async () => {
  const dir = path.join(base, "live");
  const database = await launch({
    script: "dist/database.js",
    environment: embeddedSettings(dir),
    ready: /ready/,
  });
  expect(
    (await onekey(dir, "account", "create", "--email", "eve@example.com", "--credits", "3")).code,
  ).toBe(0);
  expect((await onekey(dir, "doctor")).stderr).toContain("OneKey is running");
  const to = path.join(base, "backup");
  expect((await onekey(dir, "backup", "--to", to)).code).toBe(0);
  expect((await onekey(dir, "backup", "--to", to)).stderr).toContain("is not empty");
  expect((await onekey(dir, "compact")).code).toBe(0);
  await database.stop();
  expect((await onekey(to, "account", "show", "--email", "eve@example.com")).stdout).toContain(
    "3.000000000",
  );
  expect((await onekey(to, "audit")).code).toBe(0);
});
