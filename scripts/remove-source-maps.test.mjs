import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { removeSourceMaps } from "./remove-source-maps.mjs";

function createFolder(files) {
  const folder = mkdtempSync(path.join(tmpdir(), "onekey-maps-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), "{}");
  }
  return folder;
}
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

test("source maps of JavaScript are removed, and no other file", () => {
  const otherFiles = [
    "a/index.d.ts.map",
    "a/index.js",
    "a/map.js",
    "a/styles.css.map",
    "b/site.map",
  ];
  const sourceMaps = ["a/index.js.map", "a/node_modules/c/index.cjs.map", "@d/e/esm/index.mjs.map"];
  const folder = createFolder([...otherFiles, ...sourceMaps]);
  removeSourceMaps(folder);
  expect(filesOf(folder)).toEqual(otherFiles);
});

test("a linked workspace keeps its files", () => {
  const workspace = createFolder(["index.js.map"]);
  const folder = createFolder(["a/index.js"]);
  symlinkSync(workspace, path.join(folder, "workspace"));
  removeSourceMaps(folder);
  expect(filesOf(workspace)).toEqual(["index.js.map"]);
});
