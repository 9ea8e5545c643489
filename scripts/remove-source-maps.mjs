// The last step of `npm ci`: removes the source maps of the packages' JavaScript, 180 MB that no process here reads. Those of
// type declarations stay: editors follow them.
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Removes *.js.map, *.cjs.map and *.mjs.map under a folder. Links are not followed. */
export function removeSourceMaps(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && /\.[cm]?js\.map$/.test(entry.name))
      rmSync(path.join(entry.parentPath, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    removeSourceMaps(fileURLToPath(new URL("../node_modules", import.meta.url)));
  } catch (error) {
    // An installation is complete with them as well.
    console.error(`Source maps were not removed: ${error.message}`);
  }
}
