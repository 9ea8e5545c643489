import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, root } from "../support/processes";
import { embedded } from "../support/deployment";

const run = promisify(execFile);
let base: string;

type Outcome = { code: number; stdout: string; stderr: string };

async function start(script: string, dir: string, ...words: string[]): Promise<Outcome> {
  const options = {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: "production" as const, ...embedded(dir) },
  };
  try {
    return { code: 0, ...(await run(process.execPath, [script, ...words], options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}
const onekey = (dir: string, ...words: string[]) => start("dist/cli.js", dir, ...words);

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), "onekey-damaged-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

test("a damaged file stops the start, is named by doctor, and salvage writes a database that opens", async () => {
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

  const started = await start("dist/database.js", dir);
  expect(started).toMatchObject({ code: 1, stdout: "" });
  expect(started.stderr).toMatch(
    new RegExp(`${segment} is damaged at byte \\d+: its checksum is wrong`),
  );
  expect(started.stderr).toContain("doctor --salvage");
  expect((await readdir(files)).toSorted()).toEqual(before);

  const checked = await onekey(dir, "doctor");
  expect(checked.code).toBe(1);
  expect(checked.stdout).toContain(segment);
  const salvaged = path.join(base, "salvaged");
  expect((await onekey(dir, "doctor", "--salvage", salvaged)).stdout).toContain("Written to");
  expect((await onekey(salvaged, "doctor")).code).toBe(0);
  expect((await onekey(salvaged, "audit")).stdout).toMatch(/accounts, /);
});

test("a backup is made while the database is used, and its keys work", async () => {
  const dir = path.join(base, "live");
  const database = await launch({
    script: "dist/database.js",
    environment: embedded(dir),
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
