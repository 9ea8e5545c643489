import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { log } from "@/lib/log";
import { PERMANENT_EXIT } from "./exit-codes";

/** How a process ended: its exit code, or the signal that ended it. */
export type ProcessExit = { code: number | null; signal: NodeJS.Signals | null };

export type ProcessPlan = {
  /** Names the process in log lines and messages: "database", "server 1". */
  name: string;
  launch(): ChildProcess;
  /** Resolves when the process serves. A process for which it rejects is ended and counts as failed. */
  untilReady(child: ChildProcess): Promise<void>;
  /** Awaited before each start: what the process needs. */
  untilStartable?: () => Promise<void>;
  /**
   * Called once, when the process has ended `START_ATTEMPTS` times and was never ready. Restarts go on until `stop`; a
   * process that was ready once is restarted for as long as OneKey runs.
   */
  onStartFailed(): void;
  /** Called when the process has ended with `PERMANENT_EXIT`. It is not started again. */
  onPermanentExit?: () => void;
};

export type SupervisedProcesses = {
  /** Resolves while the process serves, and after its restart when it does not. */
  untilReady(): Promise<void>;
  send(message: object): void;
  /** SIGTERM, and SIGKILL `killAfterMs` later. Resolves when the process has ended; it is not restarted. */
  stop(killAfterMs: number): Promise<void>;
  kill(): void;
};

/** Ends without readiness after which OneKey says that the process cannot start. */
export const START_ATTEMPTS = 4;
const BACK_OFF_MIN_MS = 250;
const BACK_OFF_MAX_MS = 4_000;
/** A process that served for so long before it ended is restarted as if it had never failed. */
const STEADY_MS = 5_000;

/** Milliseconds before the next start, after this many failures in a row. */
export const backOffMs = (failures: number): number =>
  Math.min(BACK_OFF_MAX_MS, BACK_OFF_MIN_MS * 2 ** (failures - 1));

/** Runs a process until `stop`: starts it, and starts it again with a growing pause each time it ends. */
export function supervise(plan: ProcessPlan): SupervisedProcesses {
  const stopping = new AbortController();
  const stopSignal = new Promise<void>((resolve) =>
    stopping.signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  let readiness = createReadiness();
  let child: ChildProcess | null = null;
  let failures = 0;
  let hasServed = false;

  /** One life of the process, from its start to its end; returns its exit code. */
  const runOnce = async (): Promise<number | null> => {
    const startedAt = performance.now();
    child = plan.launch();
    const exit = exitOf(child);
    const isReady = await Promise.race([becomesReady(plan, child), exit.then(() => false)]);
    const readyAt = performance.now();
    if (isReady) {
      readiness.resolve();
      log.info("process.ready", {
        process: plan.name,
        latencyMs: Math.round(readyAt - startedAt),
      });
    }
    hasServed ||= isReady;
    const { code, signal } = await exit;
    child = null;
    if (isReady) readiness = createReadiness();
    if (stopping.signal.aborted) return code;
    failures = isReady && performance.now() - readyAt >= STEADY_MS ? 1 : failures + 1;
    log.error("process.ended", {
      process: plan.name,
      code: String(signal ?? code ?? "not started"),
      count: failures,
    });
    return code;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await Promise.race([plan.untilStartable?.(), stopSignal]);
      if (stopping.signal.aborted) return;
      const code = await runOnce();
      if (stopping.signal.aborted) return;
      if (code === PERMANENT_EXIT) return plan.onPermanentExit?.();
      if (!hasServed && failures === START_ATTEMPTS) plan.onStartFailed();
      await delay(backOffMs(failures), undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const finish = run();

  return {
    untilReady: () => readiness.promise,
    // A process that ends at this moment takes no message.
    send: (message) => void child?.send?.(message, () => {}),
    stop: async (killAfterMs) => {
      stopping.abort();
      child?.kill("SIGTERM");
      const timer = setTimeout(() => child?.kill("SIGKILL"), killAfterMs);
      await finish;
      clearTimeout(timer);
    },
    kill: () => void child?.kill("SIGKILL"),
  };
}

function createReadiness() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function becomesReady(plan: ProcessPlan, child: ChildProcess): Promise<boolean> {
  try {
    await plan.untilReady(child);
    return true;
  } catch {
    child.kill("SIGKILL");
    return false;
  }
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    // Also emitted for a message that could not be sent; a process that could not be started has no pid.
    child.on("error", () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}
