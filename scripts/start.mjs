// `npm start`: builds the bundles where they are missing, then becomes the supervisor (server/supervisor). Pages that are
// missing are built meanwhile: the API needs none, and the servers say so in their place until they are there.
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { arePagesBuilt, build, BuildError, root } from "./build.mjs";
import { loadEnvFile } from "./env-file.mjs";
import { CORE_FLAGS } from "./node-flags.mjs";

// A full disk or a closed pipe is no reason to end: see lib/log.ts.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
const args = process.argv.slice(2);
try {
  loadEnvFile();
  await build({ pages: false });
  if (!args.includes("--dev")) buildPagesMeanwhile();
} catch (error) {
  console.log(error instanceof BuildError ? error.message : error);
  process.exit(1);
}
const { runSupervisor } = await import(
  pathToFileURL(path.join(root, "dist", "supervisor.js")).href
);
await runSupervisor({ directory: root, environment: process.env, args, nodeFlags: CORE_FLAGS });

/** The servers wait for their pages while this file is there. */
function buildPagesMeanwhile() {
  const mark = path.join(root, "dist", ".pages-building");
  rmSync(mark, { force: true });
  if (arePagesBuilt()) return;
  writeFileSync(mark, "");
  const child = spawn(process.execPath, [path.join(root, "scripts", "build.mjs")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  let hasFailed = false;
  process.on("exit", () => {
    child.kill();
    if (hasFailed) process.exitCode = 1;
  });
  child.once("exit", (code) => {
    if (code === 0) return rmSync(mark, { force: true });
    hasFailed = code !== null;
    // It has said why. Without pages nobody can sign in.
    if (hasFailed) process.kill(process.pid, "SIGTERM");
  });
}
