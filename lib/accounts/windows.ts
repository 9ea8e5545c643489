/** The windows of limits, by what they count. */
export type WindowName = "requests" | "tokens" | "day" | "week" | "month" | "total";

/** The windows that limits are counted in, in UTC. */

export const minuteOf = (at: number): number => at - (at % 60_000);

/** Servers differ by less: a window that begins within it is merely another server's. */
export const AHEAD_MS = 60_000;

export const dayOf = (at: number): number => at - (at % 86_400_000);

/** The Monday of a week. The first day of the epoch was a Thursday. */
export const weekOf = (at: number): number =>
  dayOf(at) - ((dayOf(at) / 86_400_000 + 3) % 7) * 86_400_000;

/** The first instant of a window; 0 for `total`. */
export function startOfWindow(window: WindowName, at: number): number {
  switch (window) {
    case "requests":
    case "tokens":
      return minuteOf(at);
    case "day":
      return dayOf(at);
    case "week":
      return weekOf(at);
    case "month":
      return monthOf(at);
    case "total":
      return 0;
  }
}

/** The first instant after a window; null for `total`, which never resets. */
export function endOfWindow(window: WindowName, at: number): number | null {
  switch (window) {
    case "requests":
    case "tokens":
      return minuteOf(at) + 60_000;
    case "day":
      return dayOf(at) + 86_400_000;
    case "week":
      return weekOf(at) + 7 * 86_400_000;
    case "month":
      return nextMonth(at);
    case "total":
      return null;
  }
}

/** The minute that a request counts in: this one, or the next where a server that is ahead by a moment has begun it. */
export function minuteFor({ start, now }: { start: number | undefined; now: number }): number {
  const minute = minuteOf(now);
  return start !== undefined && start > minute && start <= now + AHEAD_MS ? start : minute;
}

/** The month of the last day that was asked for: most requests come on the same day as the one before them. */
let lastMonth = { day: Number.NaN, start: 0, key: "" };

function monthAt(at: number): typeof lastMonth {
  const day = dayOf(at);
  if (day !== lastMonth.day) {
    const date = new Date(day);
    const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    lastMonth = { day, start, key: date.toISOString().slice(0, 7) };
  }
  return lastMonth;
}

export const monthOf = (at: number): number => monthAt(at).start;

export function nextMonth(at: number): number {
  const day = new Date(at);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1);
}

/** The name of a month in `spent`: "2026-11". */
export const monthKey = (at: number): string => monthAt(at).key;
