import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a command works before other commands run: requests wait for their holds meanwhile. */
const TURN_MS = 2;
/** How many items are processed between two readings of the clock. */
const LOOK_EVERY = 128;

/** Calls `visit` for every item in order, and lets other commands run every few milliseconds. An item that is null only counts. */
export async function forEachInTurns<T>(
  items: Iterable<T | null>,
  visit: (item: T) => void,
): Promise<void> {
  let until = performance.now() + TURN_MS;
  let count = 0;
  for (const item of items) {
    if (item !== null) visit(item);
    if (++count % LOOK_EVERY !== 0 || performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + TURN_MS;
  }
}
