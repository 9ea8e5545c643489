import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";

/** Reads .env beside package.json, if there is one. What the shell has set stands. */
export function loadEnvFile() {
  const file = path.join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
