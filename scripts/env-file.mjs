import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";

/** Reads .env next to package.json, if there is one. Variables that the shell has set win. */
export function loadEnvFile() {
  const file = path.join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
