import type { Filter } from "mongodb";
import { insightDays, insightHours, rollUps, usage } from "./collection";
import { createInsights, type InsightCell, type InsightSample } from "./insight";
import { unpackInsights, type PackedInsights } from "./packed-insights";
import { DAY_MS, startOfDay, type InsightState, type UsageRow } from "./schema";

export type InsightUnit = "minute" | "hour" | "day";
/** What closed rows are summed up by. */
export type RollUnit = Exclude<InsightUnit, "minute">;
export const UNIT_MS: Record<InsightUnit, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
};

export const SAMPLE_FIELDS = {
  _id: 0,
  accountId: 1,
  at: 1,
  projectId: 1,
  model: 1,
  provider: 1,
  endpoint: 1,
  keyId: 1,
  endedBy: 1,
  tokens: 1,
  cost: 1,
  free: 1,
  latencyMs: 1,
  firstByteMs: 1,
} as const;

type InsightRange = { accountId: string; from: Date; to: Date };

/**
 * What an account used and how quickly, by hour or day of UTC days, both included: closed days and closed hours from their
 * summed-up documents, the rest from rows. Its time depends on the days and on what was used in the last two hours, not on the
 * number of rows. Hours are kept for eight days.
 */
export async function listInsights(
  { accountId, from, to }: InsightRange,
  unit: RollUnit,
): Promise<InsightCell[]> {
  const end = new Date(to.getTime() + DAY_MS);
  const state = await rollUps<InsightState>().findOne({ _id: "insights" });
  const hoursBefore = earlier(state?.hoursBefore ?? from, end);
  const daysBefore = unit === "hour" ? from : earlier(state?.daysBefore ?? from, end);
  const [days, hours, open] = await Promise.all([
    from < daysBefore ? read("day", { accountId, from, end: daysBefore }) : [],
    later(daysBefore, from) < hoursBefore
      ? read("hour", { accountId, from: later(daysBefore, from), end: hoursBefore })
      : [],
    readRows({ accountId, from: later(later(hoursBefore, daysBefore), from), end, unit }),
  ]);
  if (unit === "hour") return [...hours, ...open];
  return [...days, ...hours.map(atItsDay), ...open];
}

/** The same by minute, from rows only: its time depends on the number of rows. `end` is not included. */
export const listMinutes = (span: InsightSpan): Promise<InsightCell[]> =>
  readRows({ ...span, unit: "minute" });

const earlier = (a: Date, b: Date) => (a < b ? a : b);
const later = (a: Date, b: Date) => (a > b ? a : b);
const atItsDay = (cell: InsightCell) => ({ ...cell, at: startOfDay(cell.at).getTime() });

type InsightSpan = { accountId: string; from: Date; end: Date };

async function read(unit: RollUnit, { accountId, from, end }: InsightSpan) {
  const collection = unit === "hour" ? insightHours : insightDays;
  const filter: Filter<PackedInsights> = { accountId, at: { $gte: from, $lt: end } };
  return (await collection.find(filter).toArray()).flatMap(unpackInsights);
}

async function readRows({ accountId, from, end, unit }: InsightSpan & { unit: InsightUnit }) {
  if (from >= end) return [];
  const filter: Filter<UsageRow> = { accountId, at: { $gte: from, $lt: end } };
  const rows = usage.find<InsightSample>(filter, {
    projection: SAMPLE_FIELDS,
    batchSize: 5_000,
  });
  const sums = createInsights(UNIT_MS[unit]);
  for await (const row of rows) sums.add(row);
  return sums.cells();
}
