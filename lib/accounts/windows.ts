/** The windows that limits are counted in, in UTC. */

export const minuteOf = (at: number): number => at - (at % 60_000);

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
