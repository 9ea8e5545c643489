import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, expect, test, vi } from "vitest";
import { log, logToStderr } from "./log";

afterEach(() => vi.restoreAllMocks());

/** What a call writes to each stream. */
function writtenBy(run: () => void): { stdout: string; stderr: string } {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      texts[name] += String(text);
      return true;
    });
  run();
  vi.restoreAllMocks();
  return texts;
}

test("log lines go to stdout, and to stderr where stdout is the result of a process", () => {
  const ofServer = writtenBy(() => log.warn("database.slow", { latencyMs: 7 }));
  expect(ofServer.stdout).toMatch(/^\{"at":"[^"]+","level":"warn","event":"database.slow",/);
  expect(ofServer.stderr).toBe("");
  logToStderr();
  const ofCommand = writtenBy(() => log.warn("database.slow"));
  expect(ofCommand.stdout).toBe("");
  expect(ofCommand.stderr).toContain('"event":"database.slow"');
});

// A write to /dev/full fails as one to a file on a full disk does.
test.skipIf(!existsSync("/dev/full"))(
  "a process whose log is on a full disk goes on, and counts the lines",
  async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "onekey-log-"));
    const outfile = path.join(dir, "process.mjs");
    const contents = `
      import { writeSync } from "node:fs";
      import { log } from "./log";
      import { renderMetrics } from "./metrics";
      log.info("server.ready");
      log.warn("database.slow");
      const lines = () => renderMetrics([]).split("\\n").find((line) => line.startsWith("onekey_log_lines_dropped_total"));
      const wait = setInterval(() => {
        if (!lines()?.endsWith(" 2")) return;
        clearInterval(wait);
        log.error("database.failed");
        process.exitCode = 7;
        writeSync(3, lines());
      }, 10);`;
    await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
      alias: { "@": fileURLToPath(new URL("..", import.meta.url)) },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
    });
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [outfile], { stdio: ["ignore", full, full, "pipe"] });
    let report = "";
    child.stdio[3]?.on("data", (chunk: Buffer) => (report += String(chunk)));
    const [exitCode] = await once(child, "close");
    rmSync(dir, { recursive: true });
    expect(exitCode).toBe(7);
    expect(report).toBe("onekey_log_lines_dropped_total 2");
  },
);
