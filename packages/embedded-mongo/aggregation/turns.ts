import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a command works before other commands run: requests wait for their holds meanwhile. */
const TURN_MS = 2;
/** How many items are processed between two readings of the clock. */
const LOOK_EVERY = 128;

/** Calls `each` for every item in order, and lets other commands run every few milliseconds. */
export async function forEachInTurns<T>(all: readonly T[], each: (one: T) => void): Promise<void> {
  let until = performance.now() + TURN_MS;
  for (let i = 0; i < all.length; i++) {
    each(all[i] as T);
    if (i % LOOK_EVERY !== LOOK_EVERY - 1 || performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + TURN_MS;
  }
}
