// The operator CLI: builds it if needed, then becomes it. Its stdout is the command's output and nothing else.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, BuildError, root } from "./build.mjs";
import { loadEnvFile } from "./env-file.mjs";

try {
  loadEnvFile();
  await build({ pages: false });
} catch (error) {
  process.stderr.write(
    `${error instanceof BuildError ? error.message : String(error?.stack ?? error)}\n`,
  );
  process.exit(1);
}
await import(pathToFileURL(path.join(root, "dist", "cli.js")).href);
