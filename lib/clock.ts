const store = globalThis as typeof globalThis & { __onekeyClockOffset?: number };

/**
 * The time as the database tells it, in epoch milliseconds, carried on by a clock that nobody sets: what servers compare with
 * each other (holds, heartbeats, windows of limits, expiries) is the same on all of them, whatever becomes of a machine's own
 * clock. Before the database was first asked, it is the machine's.
 */
export function now(): number {
  store.__onekeyClockOffset ??= Date.now() - performance.now();
  return Math.round(store.__onekeyClockOffset + performance.now());
}

/** Too long on its way to tell the time by. */
const ROUND_TRIP_MS_MAX = 2_000;

/** Goes by what the database said between two readings of `performance.now()`. */
export function setClock({
  told,
  askedAt,
  answeredAt,
}: {
  told: Date;
  askedAt: number;
  answeredAt: number;
}): void {
  if (answeredAt - askedAt > ROUND_TRIP_MS_MAX && store.__onekeyClockOffset !== undefined) return;
  store.__onekeyClockOffset = told.getTime() - (askedAt + answeredAt) / 2;
}
