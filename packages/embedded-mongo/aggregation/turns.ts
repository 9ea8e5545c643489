import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a command works before it lets others in: requests wait for their holds meanwhile. */
const TURN_MS = 2;
/** How many documents are taken between two looks at the clock. */
const LOOK_EVERY = 128;

/** Calls `each` for all of them in order, letting other commands in every few milliseconds. */
export async function forEachInTurns<T>(all: readonly T[], each: (one: T) => void): Promise<void> {
  let until = performance.now() + TURN_MS;
  for (let i = 0; i < all.length; i++) {
    each(all[i] as T);
    if (i % LOOK_EVERY !== LOOK_EVERY - 1 || performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + TURN_MS;
  }
}
