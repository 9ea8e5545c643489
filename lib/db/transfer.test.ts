import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { database } from "./client";
import { collection } from "./collection";
import { useOwnDatabase } from "./own-database";
import { exportDatabase, importDatabase } from "./transfer";

type TestRow = { _id: string; n: number };
const DOCUMENTS = 2_500;
const dir = mkdtempSync(path.join(tmpdir(), "onekey-transfer-"));
const rows = collection<TestRow>("rows");
const fileOf = (name: string) => path.join(dir, name);

useOwnDatabase(async () => {});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(async () => {
  for (const name of ["rows", "others"]) await (await database()).collection(name).drop();
  await rows.insertMany(
    Array.from({ length: DOCUMENTS }, (_, n) => ({ _id: `r${String(n).padStart(6, "0")}`, n })),
  );
  await collection<TestRow>("others").insertMany([{ _id: "a", n: 1 }]);
});

const empty = async () => {
  for (const name of ["rows", "others"]) await (await database()).collection(name).drop();
};

test("an export and an import report their progress", async () => {
  const progress: number[] = [];
  const onProgress = (documents: number) => void progress.push(documents);
  expect(await exportDatabase(fileOf("full"), { onProgress })).toBe(DOCUMENTS + 1);
  expect(progress).toEqual([1, 1_001, 2_001, 2_501]);
  await empty();
  expect(await importDatabase(fileOf("full"), { onProgress })).toBe(DOCUMENTS + 1);
  expect(progress.at(-1)).toBe(DOCUMENTS + 1);
  expect(await rows.countDocuments()).toBe(DOCUMENTS);
});

test.each([0.2, 0.5, 0.9, 0.9999])(
  "an export that was cut off at %d of its length goes on where it stopped",
  async (part) => {
    const [full, cut] = [fileOf(`full-${part}`), fileOf(`cut-${part}`)];
    await exportDatabase(full);
    const text = readFileSync(full, "utf8");
    writeFileSync(cut, text.slice(0, Math.floor(text.length * part)));
    expect(await exportDatabase(cut, { resume: true })).toBe(DOCUMENTS + 1);
    expect(readFileSync(cut, "utf8")).toBe(text);
    await expect(exportDatabase(cut, { resume: true })).rejects.toThrow(/is complete/);
  },
);

test("an import that was interrupted goes on, and brings each document once", async () => {
  const file = fileOf("interrupted");
  await exportDatabase(file);
  await empty();
  const stop = new Error("interrupted");
  const interrupt = (documents: number) => {
    if (documents >= 1_000) throw stop;
  };
  await expect(importDatabase(file, { onProgress: interrupt })).rejects.toBe(stop);
  expect(await rows.countDocuments()).toBeGreaterThanOrEqual(1_000);
  await expect(importDatabase(file)).rejects.toThrow(/or use --resume/);
  const otherFile = fileOf("other");
  writeFileSync(otherFile, readFileSync(file, "utf8").replace('"r000001"', '"r00000x"'));
  await expect(importDatabase(otherFile, { resume: true })).rejects.toThrow(/nothing to resume/);
  expect(await importDatabase(file, { resume: true })).toBe(DOCUMENTS + 1);
  expect(await rows.countDocuments()).toBe(DOCUMENTS);
  await expect(importDatabase(file, { resume: true })).rejects.toThrow(/nothing to resume/);
});
