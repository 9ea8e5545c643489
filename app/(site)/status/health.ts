import { now } from "@/lib/clock";
import { countHour, hourOf } from "@/lib/maintenance/provider-health";
import { listHealthDays } from "@/lib/provider-health/queries";
import {
  emptyTally,
  HEALTH_DAYS,
  HOUR_MS,
  percentileOf,
  sumTallies,
  type HealthTally,
} from "@/lib/provider-health/schema";
import { providerIds } from "@/lib/providers";

const DAY_MS = 24 * HOUR_MS;
/** Below so many requests a share says nothing. */
export const REQUESTS_MIN = 20;
const RECENT_MS = 15 * 60_000;

/** One bar of a strip: an hour or a day. */
export type HealthBar = { at: Date; sent: number; answered: number };
export type HealthLevel = "up" | "degraded" | "down" | "unknown";

export type SubjectHealth = {
  /** `onekey`, or the id of a provider. */
  subject: string;
  /** By the last 15 minutes. */
  level: HealthLevel;
  hours: HealthBar[];
  days: HealthBar[];
  /** Of the last 24 hours: milliseconds to the first byte, and output tokens a second; null without enough streams. */
  latency: {
    requests: number;
    firstByteP50: number | null;
    firstByteP95: number | null;
    weekBefore: number | null;
    speedP50: number | null;
    /** Of OneKey itself, which is what it adds: only for `onekey`. */
    ownP50: number | null;
    ownP95: number | null;
  };
};

/** The level of a share of answered requests: 99.5 % and 95 % are its bounds. Below `minimum` requests it says nothing. */
export function levelOf(
  bar: Pick<HealthBar, "sent" | "answered">,
  minimum = REQUESTS_MIN,
): HealthLevel {
  if (bar.sent < minimum) return "unknown";
  const share = bar.answered / bar.sent;
  return share >= 0.995 ? "up" : share >= 0.95 ? "degraded" : "down";
}

/** How OneKey and the providers did: by hour for 24 hours, by day for 90 days. Both end with what is still running. */
export async function readHealth(): Promise<SubjectHealth[]> {
  const at = now();
  const current = hourOf(at);
  const today = Math.floor(at / DAY_MS) * DAY_MS;
  const first = today - (HEALTH_DAYS - 1) * DAY_MS;
  const hours = new Map<number, Record<string, HealthTally>>();
  for (const { day, hours: dayHours } of await listHealthDays(new Date(first)))
    for (const [hour, tallies] of Object.entries(dayHours))
      hours.set(day.getTime() + Number(hour) * HOUR_MS, tallies);
  hours.set(current, (await countHour(current, at)).subjects);
  // It may end a minute before it is counted.
  if (!hours.has(current - HOUR_MS))
    hours.set(current - HOUR_MS, (await countHour(current - HOUR_MS)).subjects);
  const recent = (await countHour(at - RECENT_MS, at)).subjects;

  const subjects = ["onekey", ...providerIds()];
  return subjects.map((subject) => {
    const tallyOf = (names: string[], from: number, to: number) =>
      sumTallies(
        [...hours].flatMap(([hour, tallies]) =>
          hour >= from && hour < to ? names.flatMap((name) => tallies[name] ?? []) : [],
        ),
      );
    const between = (from: number, to: number) => tallyOf([subject], from, to);
    // Latency is measured at providers; OneKey's is that of all of them.
    const providers = subject === "onekey" ? providerIds() : [subject];
    const day = tallyOf(providers, current - 23 * HOUR_MS, current + HOUR_MS);
    const ownTally = between(current - 23 * HOUR_MS, current + HOUR_MS);
    const week = tallyOf(providers, current - 7 * DAY_MS, current - 23 * HOUR_MS);
    return {
      subject,
      level: levelOf(recent[subject] ?? emptyTally()),
      hours: barsOf(24, (index) => current - (23 - index) * HOUR_MS, HOUR_MS, between),
      days: barsOf(HEALTH_DAYS, (index) => first + index * DAY_MS, DAY_MS, between),
      latency: {
        requests: day.sent,
        firstByteP50: percentileOf(day.firstByte, 0.5),
        firstByteP95: percentileOf(day.firstByte, 0.95),
        weekBefore: percentileOf(week.firstByte, 0.5),
        speedP50: percentileOf(day.speed, 0.5),
        ownP50: percentileOf(ownTally.own ?? {}, 0.5),
        ownP95: percentileOf(ownTally.own ?? {}, 0.95),
      },
    };
  });
}

function barsOf(
  count: number,
  startOf: (index: number) => number,
  length: number,
  between: (from: number, to: number) => HealthTally,
): HealthBar[] {
  return Array.from({ length: count }, (_, index) => {
    const start = startOf(index);
    const tally = between(start, start + length);
    return { at: new Date(start), sent: tally.sent, answered: tally.answered };
  });
}
