import type { Hold } from "./schema";
import { now } from "@/lib/clock";

/** Who waits for a hold of an account to end, by account. */
const listeners = new Map<string, Set<() => void>>();

/** How long a request takes from its hold to its settlement, in milliseconds: recent ones count most. */
let typicalMs = 5_000;
const WEIGHT = 1 / 16;

/** Notes that holds of this instance have ended, and wakes who waits for that. */
export function noteEndedHolds(list: { accountId: string; hold: Hold }[]): void {
  for (const { accountId, hold } of list) {
    const lastedMs = Math.min(Math.max(0, now() - hold.at), 600_000);
    typicalMs += (lastedMs - typicalMs) * WEIGHT;
    for (const wake of listeners.get(accountId) ?? []) wake();
  }
}

/** Seconds that a request of this instance takes, from 1 to 30: after it, one in flight has probably ended. */
export const typicalRequestSeconds = (): number =>
  Math.min(30, Math.max(1, Math.ceil(typicalMs / 1000)));

/** Resolves when a hold of the account ends in this instance, or when the time is up: another instance's end is not seen here. */
export function waitForEndedHold(accountId: string, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const waiting = listeners.get(accountId) ?? new Set();
    listeners.set(accountId, waiting);
    const disarm = () => {
      clearTimeout(timer);
      waiting.delete(disarm);
      if (waiting.size === 0) listeners.delete(accountId);
      resolve();
    };
    const timer = setTimeout(disarm, withinMs);
    waiting.add(disarm);
  });
}
