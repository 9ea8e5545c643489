import { processSingleton } from "./process-singleton";

/** Milliseconds from `performance.now()` to the epoch; null before the database or the machine was first read. */
const clock = processSingleton("clock", (): { offset: number | null } => ({ offset: null }));

/**
 * The database's time in epoch milliseconds, continued by a monotonic clock: what servers compare with
 * each other (holds, heartbeats, windows of limits, expiries) is the same on all of them, whatever becomes of a machine's own
 * clock. Before the database was first asked, it is the machine's.
 */
export function now(): number {
  clock.offset ??= Date.now() - performance.now();
  return Math.round(clock.offset + performance.now());
}

/** A slower response cannot set the clock. */
const ROUND_TRIP_MS_MAX = 2_000;

/** Goes by what the database said between two readings of `performance.now()`. */
export function setClock({
  databaseTime,
  askedAt,
  answeredAt,
}: {
  databaseTime: Date;
  askedAt: number;
  answeredAt: number;
}): void {
  if (answeredAt - askedAt > ROUND_TRIP_MS_MAX && clock.offset !== null) return;
  clock.offset = databaseTime.getTime() - (askedAt + answeredAt) / 2;
}
