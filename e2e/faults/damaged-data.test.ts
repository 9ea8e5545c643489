import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { runScript } from "../support/cli";
import { startOnekey } from "../support/npm-start";
import { launch, stopAll } from "../support/processes";
import { embeddedSettings } from "../support/shared-deployment";

const SLOW_MACHINE_MS = 240_000;
const bases: string[] = [];
/** A new directory for each try of a test. */
let base: string;

const start = (script: string, dir: string, ...words: string[]) =>
  runScript(script, words, embeddedSettings(dir));
const onekey = (dir: string, ...words: string[]) => start("dist/cli.js", dir, ...words);

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), "onekey-damaged-"));
  bases.push(base);
});
afterAll(async () => {
  await stopAll();
  for (const directory of bases) await rm(directory, { recursive: true, force: true });
});

test(
  "a damaged file stops the start; doctor names it and salvages what can be read",
  async () => {
    const dir = path.join(base, "data");
    for (const email of ["ada@example.com", "bob@example.com"])
      expect(
        (await onekey(dir, "account", "create", "--email", email, "--credits", "5")).code,
      ).toBe(0);
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
    expect(databaseStart).toMatchObject({ code: 78, stdout: "" });
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
  },
  SLOW_MACHINE_MS,
);

test(
  "a backup is made while the database is used, and its keys work",
  async () => {
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
  },
  SLOW_MACHINE_MS,
);

/** Every file of a data directory with its content, without what a running process leaves. */
async function contentOf(dir: string): Promise<[string, string][]> {
  const names = (await readdir(dir)).filter((name) => !/\.(pid|sock)$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [
      name,
      await readFile(path.join(dir, name), "base64"),
    ]),
  );
}

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] as number) ^ 16;
  await writeFile(file, bytes);
}

test(
  "npm start refuses damaged data: it names file, byte and loss, keeps the files and exits",
  async () => {
    const intact = path.join(base, "intact");
    expect((await onekey(intact, "account", "create", "--email", "ivy@example.com")).code).toBe(0);
    const files = await readdir(path.join(intact, "sandbox"));
    const segment = files.filter((name) => name.startsWith("segment-")).toSorted()[0] as string;
    const damages: [string, (file: string) => Promise<void>, RegExp][] = [
      ["flipped", flipBit, /at byte \d+: its checksum is wrong/],
      ["cut", (file) => truncate(file, 40), /at byte \d+: /],
      ["missing", (file) => rm(file), /: it is missing/],
    ];
    for (const [name, damage, place] of damages) {
      const dataDir = path.join(base, `npm-${name}`);
      await cp(intact, dataDir, { recursive: true });
      await damage(path.join(dataDir, "sandbox", segment));
      const before = await contentOf(path.join(dataDir, "sandbox"));
      const server = await startOnekey({ dataDir, args: ["--workers", "1"] });
      onTestFinished(server.clean);
      expect(await server.exited, name).toBe(1);
      const lines = server
        .output()
        .split("\n")
        .filter((line) => line.includes(segment));
      // A restart would change nothing, so it is said once.
      expect(lines, server.output()).toHaveLength(1);
      expect(lines[0]).toMatch(place);
      expect(lines[0]).toMatch(
        /\. .*(lost|missing|loss|changes|documents).* No file was changed\./,
      );
      expect(server.output()).toContain("doctor --salvage");
      expect(server.output()).toContain("OneKey stops: the database process ended");
      expect(await contentOf(path.join(dataDir, "sandbox"))).toEqual(before);
      expect(await server.processes()).toEqual({
        start: [],
        database: [],
        sandbox: [],
        server: [],
      });
    }
  },
  SLOW_MACHINE_MS,
);

test(
  "moving the data directory ends OneKey with the reason; at its new place all is there",
  async () => {
    const dataDir = path.join(base, "moved");
    const server = await startOnekey({ dataDir, args: ["--workers", "1"] });
    onTestFinished(server.clean);
    await server.ready();
    await server.onekey("account", "create", "--email", "mia@example.com", "--credits", "7");
    const [place, otherPlace] = [path.join(dataDir, "sandbox"), path.join(dataDir, "elsewhere")];
    await rename(place, otherPlace);
    expect(await server.exited).toBe(1);
    const output = server.output();
    expect(output).toContain(`The data directory ${place} was moved, deleted or replaced`);
    expect(output).toContain("set ONEKEY_DATA_DIR to where it is now");
    expect(output).not.toMatch(/Uncaught|unhandled|^ {4}at /m);
    // No empty database was begun in its place.
    expect(existsSync(path.join(place, "manifest.json"))).toBe(false);
    await rm(place, { recursive: true, force: true });
    await rename(otherPlace, place);
    expect((await onekey(dataDir, "doctor")).stdout).toContain("no damage");
    expect(
      (await onekey(dataDir, "account", "show", "--email", "mia@example.com")).stdout,
    ).toContain("7.000000000");
  },
  SLOW_MACHINE_MS,
);
