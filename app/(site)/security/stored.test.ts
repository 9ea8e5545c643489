import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { allRows, storedFiles } from "./stored";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const duplicatesOf = (keys: string[]) => keys.filter((key, index) => keys.indexOf(key) !== index);

test("the security page names each topic and each set of stored data once", () => {
  expect(duplicatesOf(allRows.map(({ topic }) => topic))).toEqual([]);
  const dataSets = allRows
    .filter(({ collections }) => collections.length > 0)
    .map(({ collections, fields = [] }) => `${collections.join(" ")}: ${fields.join(" ")}`);
  expect(duplicatesOf(dataSets)).toEqual([]);
});

test("the files that the security page names exist", () => {
  expect(storedFiles.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});
