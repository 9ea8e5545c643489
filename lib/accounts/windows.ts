/** The windows that limits are counted in, in UTC. */

export const minuteOf = (at: number): number => at - (at % 60_000);

/** Servers differ by less: a window that begins within it is merely another server's. */
export const AHEAD_MS = 60_000;

/** The minute that a request counts in: this one, or the next where a server that is ahead by a moment has begun it. */
export function minuteFor({ start, now }: { start: number | undefined; now: number }): number {
  const minute = minuteOf(now);
  return start !== undefined && start > minute && start <= now + AHEAD_MS ? start : minute;
}

export function monthOf(at: number): number {
  const day = new Date(at);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
}

export function nextMonth(at: number): number {
  const day = new Date(at);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1);
}

/** The name of a month in `spent`: "2026-11". */
export const monthKey = (at: number): string => new Date(at).toISOString().slice(0, 7);
