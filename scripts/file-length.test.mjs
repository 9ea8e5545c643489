import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { listFiles } from "./language.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const LINES_MAX = 300;
const REASON = /^\/\/ Longer than 300 lines: [a-z][^\n]{15,}\.\n/;

const files = listFiles("")
  .filter((file) => /\.(ts|tsx|mts|mjs|js)$/.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
const isLong = ({ text }) => text.split("\n").length - 1 > LINES_MAX;
const hasReason = ({ text }) => REASON.test(text);
const nameOf = ({ file }) => file;

test("a file of more than 300 lines states the reason in its first line", () => {
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => isLong(file) && !hasReason(file)).map(nameOf)).toEqual([]);
});

test("a file that states the reason is that long", () => {
  expect(files.filter((file) => hasReason(file) && !isLong(file)).map(nameOf)).toEqual([]);
});
