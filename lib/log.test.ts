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
