import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { count } from "@/lib/metrics";
import { relayOutput } from "./page-output";

/** Milliseconds before a thread that ended is started again: doubled each time, until it has run for `STABLE_MS`. */
const RESTART_FIRST_MS = 250;
const RESTART_MAX_MS = 30_000;
const STABLE_MS = 60_000;
/** Milliseconds that a request waits for a thread that starts. */
const WAIT_MS = 30_000;
/** A thread that has shown no sign of life for so many milliseconds is ended; it shows one every five seconds. */
const STUCK_MS = 60_000;
const WATCH_MS = 10_000;
/** There while `npm start` builds the pages: see scripts/start.mjs. */
const BUILDING_MARK = path.join("dist", ".pages-building");
const BUILD_LOOK_MS = 250;
/** A thread whose objects take more ends, and not the process. */
const HEAP_MIB = 1_024;

type PageWaiter = (socketPath: string | null) => void;

/**
 * Keeps the thread of the pages running: one that ends, by an error or for want of memory, or that gets stuck, is started
 * again while the gateway goes on. A thread that never came up ends the process: there is something to repair first.
 */
export function startPageThread({
  port,
  script = new URL("./pages.worker.js", import.meta.url),
  heapMiB = HEAP_MIB,
  isBuilt = () => !existsSync(BUILDING_MARK),
}: {
  port: number;
  /** The program of the thread, next to this one in a build. */
  script?: URL;
  heapMiB?: number;
  /** Whether there are pages to serve; the thread is started once there are. */
  isBuilt?: () => boolean;
}) {
  const dir = mkdtempSync(path.join(tmpdir(), "onekey-pages-"));
  let worker: Worker | undefined;
  let socketPath: string | null = null;
  let generation = 0;
  let restartMs = RESTART_FIRST_MS;
  let hasStarted = false;
  let isClosing = false;
  let lastSign = performance.now();
  let lastWatch = performance.now();
  const waiters = new Set<PageWaiter>();

  function launch(): void {
    const nextPath = path.join(dir, `socket-${++generation}`);
    const startedAt = performance.now();
    const thread = new Worker(script, {
      workerData: { port, socketPath: nextPath },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    worker = thread;
    relayOutput(thread);
    thread.on("message", () => {
      lastSign = performance.now();
      if (socketPath === nextPath) return;
      socketPath = nextPath;
      hasStarted = true;
      for (const waiter of waiters) waiter(nextPath);
    });
    thread.on("error", (error) => log.error("pages.failed", { error: errorName(error) }));
    thread.once("exit", (code) => {
      socketPath = null;
      rmSync(nextPath, { force: true });
      if (isClosing) return;
      if (!hasStarted) {
        log.error("pages.failed", { code: String(code) });
        process.exit(1);
      }
      if (performance.now() - startedAt > STABLE_MS) restartMs = RESTART_FIRST_MS;
      count("onekey_page_restarts_total", {});
      log.error("pages.ended", { code: String(code), latencyMs: restartMs });
      setTimeout(() => !isClosing && launch(), restartMs);
      restartMs = Math.min(restartMs * 2, RESTART_MAX_MS);
    });
  }

  function watch(): void {
    const at = performance.now();
    // After this process itself was stopped for a while, the thread gets time to show itself.
    if (at - lastWatch > 2 * WATCH_MS) lastSign = at;
    lastWatch = at;
    if (socketPath === null || at - lastSign < STUCK_MS) return;
    log.error("pages.stuck");
    void worker?.terminate();
  }

  const createdAt = performance.now();
  let building: NodeJS.Timeout | undefined;
  if (isBuilt()) launch();
  else
    building = setInterval(() => {
      if (!isBuilt()) return;
      clearInterval(building);
      building = undefined;
      lastSign = performance.now();
      launch();
    }, BUILD_LOOK_MS);
  const timer = setInterval(watch, WATCH_MS).unref();
  return {
    started: () => hasStarted,
    /** Milliseconds that the pages have been built for; null once they are. */
    buildingMs: () => (building === undefined ? null : performance.now() - createdAt),
    /** Where the thread listens, once it does; rejects with AppError `unavailable` when that takes too long. */
    socketPath: (): Promise<string> => {
      if (socketPath !== null) return Promise.resolve(socketPath);
      return new Promise((resolve, reject) => {
        const waiter: PageWaiter = (ready) => {
          clearTimeout(late);
          waiters.delete(waiter);
          if (ready === null) reject(restarting());
          else resolve(ready);
        };
        const late = setTimeout(waiter, WAIT_MS, null);
        waiters.add(waiter);
      });
    },
    close: async () => {
      isClosing = true;
      clearInterval(timer);
      clearInterval(building);
      await worker?.terminate();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const restarting = () =>
  new AppError("unavailable", "The pages are restarting. Try again in a moment.", {
    headers: { "retry-after": "5" },
  });
