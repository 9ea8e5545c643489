// What a browser loads of JavaScript for the first view of each page, gzipped, against its limit. Needs a build.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const next = path.join(root, ".next");
const KIB = 1024;
const limitOf = (route) => (/^\/dashboard(\/|$)/.test(route) ? 240 : 180) * KIB;

const read = (file) => readFileSync(path.join(next, file));
const { rootMainFiles } = JSON.parse(read("build-manifest.json"));
const routes = JSON.parse(read("app-path-routes-manifest.json"));
const sizes = new Map();

/** Scripts that the root layout names by hand, in addition to those that Next adds. */
const chunks = [
  ...readFileSync(path.join(root, "app/layout.tsx"), "utf8").matchAll(/<script src="\/([\w.-]+)"/g),
].map(([, file]) => gzipSync(readFileSync(path.join(root, "public", file))).length);

const pages = Object.entries(routes)
  .filter(([entry]) => entry.endsWith("/page") && !entry.startsWith("/_"))
  .map(([entry, route]) => {
    // The page's own files and those of every layout and boundary around it.
    const files = new Set([...rootMainFiles, ...Object.values(entryFiles(entry)).flat()]);
    const bytes =
      [...files].reduce((sum, file) => sum + sizeOf(file), 0) +
      chunks.reduce((sum, size) => sum + size, 0);
    return { route, bytes, over: bytes > limitOf(route) };
  })
  .toSorted((a, b) => b.bytes - a.bytes);

for (const { route, bytes, over } of pages) {
  const figure = `${(bytes / KIB).toFixed(1)} KiB`.padStart(10);
  console.log(`${figure} of ${limitOf(route) / KIB}  ${route}${over ? "  OVER" : ""}`);
}
if (pages.length === 0) throw new Error("The build holds no page.");
process.exitCode = pages.some(({ over }) => over) ? 1 : 0;

function entryFiles(entry) {
  const scope = { globalThis: {} };
  runInNewContext(read(`server/app${entry}_client-reference-manifest.js`).toString(), scope);
  const [manifest] = Object.values(scope.globalThis.__RSC_MANIFEST ?? {});
  if (!manifest?.entryJSFiles) throw new Error(`The build names no scripts for ${entry}.`);
  return manifest.entryJSFiles;
}

function sizeOf(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(read(file)).length);
  return sizes.get(file);
}
