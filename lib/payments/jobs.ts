import { errorName, log } from "@/lib/log";
import { checkDueTransfers, scanChains } from "./chain/watch";
import { pollCardPayments } from "./cards/check-payment";
import { recordExhaustedBalances } from "./exhausted-balance";
import { sendLowBalanceAlerts } from "./low-balance";
import { mailDueReceipts, mailDueStops } from "./due-mails";
import { catchUpEvents } from "./cards/stripe-events";
import { runTopUps } from "./cards/top-up";

type PaymentJob = { name: string; everyMs: number; run: () => Promise<unknown> };

/** What is looked after in the background. Each is right to run in every process together, and to be killed at any point. */
const JOBS: PaymentJob[] = [
  { name: "transfers", everyMs: 1_000, run: checkDueTransfers },
  { name: "chains", everyMs: 10_000, run: scanChains },
  { name: "payments.poll", everyMs: 15_000, run: () => pollCardPayments() },
  { name: "stripe.events", everyMs: 600_000, run: () => catchUpEvents() },
  { name: "top-ups", everyMs: 15_000, run: () => runTopUps() },
  { name: "receipts", everyMs: 2_000, run: () => mailDueReceipts() },
  { name: "top-up.mails", everyMs: 5_000, run: () => mailDueStops() },
  { name: "alerts", everyMs: 15_000, run: () => sendLowBalanceAlerts() },
  { name: "exhausted", everyMs: 5_000, run: () => recordExhaustedBalances() },
];

/** Starts the payment jobs on their timers; none runs twice at a time in one process. Returns what stops them. */
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

/** Runs every job once, one after the other; returns how many did not fail. */
export async function runPaymentJobs(): Promise<number> {
  let count = 0;
  for (const job of JOBS) if (await runJob(job)) count++;
  return count;
}

async function runJob({ name, run }: PaymentJob): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    log.error(`${name}.failed`, { error: errorName(error) });
    return false;
  }
}
