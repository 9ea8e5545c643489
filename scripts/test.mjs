import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

// Nothing of the shell but what a program needs to run: no credential can reach a test.
const kept = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "CI", "TERM"];
for (const name of Object.keys(process.env))
  if (!kept.includes(name) && !name.startsWith("npm_config_")) delete process.env[name];
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.NO_COLOR = "1";
if (process.argv.includes("--long")) process.env.ONEKEY_TEST_LONG = "1";

const counts = { passed: 0, failed: 0, skipped: 0 };
let failed = false;

/** Runs one of the runners, shows what it prints, and adds up its closing line. */
function run(script, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, script), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: process.env,
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      process.stdout.write(chunk);
      text = (text + chunk).slice(-20_000);
    });
    child.once("exit", (code) => {
      const closing = /^\s*Tests\s+.*$/m.exec(text)?.[0] ?? "";
      for (const name of Object.keys(counts))
        counts[name] += Number(new RegExp(`(\\d+) ${name}`).exec(closing)?.[1] ?? 0);
      if (code !== 0) failed = true;
      resolve();
    });
  });
}

await build();
await run("node_modules/vitest/vitest.mjs", ["run"]);
await run("node_modules/vitest/vitest.mjs", ["run", "-c", "vitest.e2e.config.ts"]);
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(failed || counts.failed > 0 || counts.passed === 0 ? 1 : 0);
