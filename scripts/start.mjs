// `npm start`: builds what is missing, then becomes the supervisor (server/supervisor).
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, BuildError, root } from "./build.mjs";
import { loadEnvFile } from "./env-file.mjs";
import { CORE_FLAGS } from "./node-flags.mjs";

// A full disk or a closed pipe is no reason to end: see lib/log.ts.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
const args = process.argv.slice(2);
try {
  loadEnvFile();
  await build({ pages: !args.includes("--dev") });
} catch (error) {
  console.log(error instanceof BuildError ? error.message : error);
  process.exit(1);
}
const { runSupervisor } = await import(
  pathToFileURL(path.join(root, "dist", "supervisor.js")).href
);
await runSupervisor({ directory: root, environment: process.env, args, nodeFlags: CORE_FLAGS });
