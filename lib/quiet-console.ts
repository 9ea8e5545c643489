import { log } from "./log";

const METHODS = ["debug", "dir", "error", "info", "log", "table", "trace", "warn"] as const;
const REPORT_MS = 1_000;

/** Replaces the console of this process: what is written to it is counted and not kept. */
export function quietConsole(): void {
  let dropCount = 0;
  const drop = () => {
    if (dropCount++ > 0) return;
    setTimeout(() => {
      log.warn("console.dropped", { count: dropCount });
      dropCount = 0;
    }, REPORT_MS).unref();
  };
  for (const method of METHODS) console[method] = drop;
}
