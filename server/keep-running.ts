import { errorName, log } from "@/lib/log";
import { count } from "@/lib/metrics";

/** Log lines about uncaught errors in one second; more are only counted. */
const LINES_PER_SECOND = 10;

/**
 * Keeps this process running after an error that no request caught: it ends what threw and nothing else. Called once the
 * server is up; before that, an error means that it cannot start. A rejection that nobody handles arrives here as well.
 */
export function keepRunning(): void {
  let lines = 0;
  process.on("uncaughtException", (error, origin) => {
    count("onekey_uncaught_errors_total", {});
    // Also when writing the log is what failed: each line could cause the next.
    if (lines++ >= LINES_PER_SECOND) return;
    if (lines === 1)
      setTimeout(() => {
        lines = 0;
      }, 1_000).unref();
    log.error("process.uncaught", { error: errorName(error), code: origin });
  });
  // Node prints warnings as text; only their class is kept.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log.warn("process.warning", { error: errorName(warning) }));
}
