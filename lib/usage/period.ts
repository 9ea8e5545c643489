import { z } from "zod";
import { AppError } from "@/lib/errors";
import { formatDay } from "@/lib/format";
import { DAY_MS, RETENTION_DAYS, startOfDay } from "./schema";

/** The last hour, so many days up to today, or custom days. */
export const UsageRange = z.enum(["hour", "1", "3", "7", "30", "90", "custom"]);
export type UsageRange = z.infer<typeof UsageRange>;

const MINUTE_MS = 60_000;
export const HOUR_MINUTES = 60;

/** UTC days, both included. The last hour begins at a minute of its first day. */
export type UsagePeriod = { from: Date; to: Date };

/** The minute that has begun and the 59 before it. */
export function lastHour(now = Date.now()): UsagePeriod {
  const current = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return { from: new Date(current - (HOUR_MINUTES - 1) * MINUTE_MS), to: startOfDay(now) };
}

/** The last `count` days, today included. */
export function lastDays(count: number, now = Date.now()): UsagePeriod {
  const to = startOfDay(now);
  return { from: new Date(to.getTime() - (count - 1) * DAY_MS), to };
}

/** The period of the same length that ended when this one began; null where rows of it have expired. */
export function periodBefore({ from, to }: UsagePeriod, now = Date.now()): UsagePeriod | null {
  const length = to.getTime() - from.getTime() + DAY_MS;
  const before = { from: new Date(from.getTime() - length), to: new Date(to.getTime() - length) };
  return before.from < firstDay(now) ? null : before;
}

/** The oldest day of which all rows are still there. */
export const firstDay = (now = Date.now()): Date => lastDays(RETENTION_DAYS, now).from;

/** The days that a range, or two dates such as `2026-11-24`, stand for. Throws what is wrong with them. */
export function periodOf(
  { range, from, to }: { range: UsageRange; from?: string | undefined; to?: string | undefined },
  now = Date.now(),
): UsagePeriod {
  if (range === "hour") return lastHour(now);
  if (range !== "custom") return lastDays(Number(range), now);
  const usual = lastDays(30, now);
  const period = {
    from: from ? dateOf("from", from) : usual.from,
    to: to ? dateOf("to", to) : usual.to,
  };
  if (period.from > period.to)
    throw wrong(
      "from",
      `The first day, ${formatDay(period.from)}, is after the last, ${formatDay(period.to)}.`,
    );
  if (period.to > usual.to)
    throw wrong("to", `${formatDay(period.to)} is still to come: today is ${formatDay(usual.to)}.`);
  const first = firstDay(now);
  if (period.from < first)
    throw wrong(
      "from",
      `Rows are kept for ${RETENTION_DAYS} days: the first day can be ${formatDay(first)} or later.`,
    );
  return period;
}

function dateOf(param: string, text: string): Date {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? new Date(`${text}T00:00:00Z`)
    : new Date(Number.NaN);
  // The 30th of February is read as the 2nd of March.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw wrong(param, `"${text.slice(0, 40)}" is not a day: give one such as 2026-11-24.`);
  return date;
}

const wrong = (param: string, message: string) => new AppError("bad_request", message, { param });
