import { errorName, log } from "@/lib/log";
import { checkDueTransfers, scanChains } from "./chain/watch";

type Job = { name: string; everyMs: number; run: () => Promise<unknown> };

/** What is looked after in the background. Each is right to run in every process at once, and to be killed at any point. */
const JOBS: Job[] = [
  { name: "transfers", everyMs: 1_000, run: checkDueTransfers },
  { name: "chains", everyMs: 10_000, run: scanChains },
];

/** Starts the payment jobs on their timers; none runs beside itself in one process. Returns what stops them. */
export function startPaymentJobs(): () => void {
  const timers = JOBS.map((job) => {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void runJob(job).finally(() => {
        busy = false;
      });
    }, job.everyMs);
    timer.unref();
    return timer;
  });
  return () => timers.forEach((timer) => clearInterval(timer));
}

async function runJob({ name, run }: Job): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.error(`${name}.failed`, { error: errorName(error) });
  }
}
