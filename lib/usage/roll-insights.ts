import { now as databaseTime } from "@/lib/clock";
import { insightDays, insightHours, rollUps, usage } from "./collection";
import { createInsights, type InsightSample } from "./insight";
import { SAMPLE_FIELDS, UNIT_MS, type RollUnit } from "./insights";
import { packInsights, type PackedInsights } from "./packed-insights";
import { COMPLETE_DAYS, DAY_MS, startOfDay, type InsightState } from "./schema";

const HOUR_MS = 3_600_000;
/** Rows of an hour are mostly written by so long after its end. */
const CLOSES_AFTER_MS = 300_000;
/** Hours and days that have closed are summed up again so many times, for requests that ended late. */
const HOURS_AGAIN = 3;
const DAYS_AGAIN = 2;
/** Views by the hour reach back three days, and compare them with the three before. */
const HOUR_DAYS = 7;
/** Whoever takes the work on has so long before another tries. */
const LEASE_MS = 10 * 60_000;
const WRITES_MAX = 200;

/**
 * Sums rows up for the usage page, once an hour: the hours that have closed, and the days that have. Never read by the books,
 * and never the only copy of anything before its rows expire. Safe to repeat, to run concurrently and to interrupt.
 */
export async function rollInsights({
  clock = databaseTime,
  again: isForced = false,
}: { clock?: () => number; again?: boolean } = {}): Promise<{ hours: number; days: number }> {
  const now = clock();
  const states = await rollUps<InsightState>();
  const state = await states.findOne({ _id: "insights" });
  if (state && !isForced && now < state.nextAt.getTime()) return { hours: 0, days: 0 };
  const lease = new Date(now + LEASE_MS);
  const claim = state
    ? await states.updateOne({ _id: "insights", nextAt: state.nextAt }, { $set: { nextAt: lease } })
    : await states.updateOne(
        { _id: "insights" },
        { $setOnInsert: { nextAt: lease } },
        { upsert: true },
      );
  if (claim.modifiedCount + claim.upsertedCount === 0 && !isForced) return { hours: 0, days: 0 };

  const hoursBefore = new Date(Math.floor((now - CLOSES_AFTER_MS) / HOUR_MS) * HOUR_MS);
  const daysBefore = startOfDay(now - HOUR_MS);
  const oldest = startOfDay(now - COMPLETE_DAYS * DAY_MS).getTime();
  const firstHour = startOfDay(now - HOUR_DAYS * DAY_MS).getTime();
  const hoursFrom = isForced ? 0 : Number(state?.hoursBefore ?? 0) - HOURS_AGAIN * HOUR_MS;
  const isNewDay = isForced || Number(state?.daysBefore ?? 0) < daysBefore.getTime();
  const daysFrom = isForced ? 0 : Number(state?.daysBefore ?? 0) - DAYS_AGAIN * DAY_MS;
  const hours = await roll("hour", Math.max(firstHour, hoursFrom), hoursBefore.getTime());
  const days = isNewDay ? await roll("day", Math.max(oldest, daysFrom), daysBefore.getTime()) : 0;
  await states.updateOne(
    { _id: "insights" },
    {
      $max: { hoursBefore, daysBefore },
      $set: { nextAt: new Date(hoursBefore.getTime() + HOUR_MS + CLOSES_AFTER_MS) },
    },
  );
  return { hours, days };
}

/** Writes the documents of each hour or day between two instants; returns how many units had rows. */
async function roll(unit: RollUnit, from: number, end: number): Promise<number> {
  // A day's rows are read together also for its hours.
  let count = 0;
  for (let start = from; start < end; start = startOfDay(start).getTime() + DAY_MS) {
    const until = Math.min(end, startOfDay(start).getTime() + DAY_MS);
    count += await rollSpan(unit, start, until);
  }
  return count;
}

async function rollSpan(unit: RollUnit, from: number, end: number): Promise<number> {
  const byAccount = new Map<string, ReturnType<typeof createInsights>>();
  const rows = usage.find<InsightSample>(
    { at: { $gte: new Date(from), $lt: new Date(end) } },
    { projection: SAMPLE_FIELDS, batchSize: 1_000 },
  );
  for await (const row of rows) {
    let sums = byAccount.get(row.accountId);
    if (!sums) {
      sums = createInsights(UNIT_MS[unit]);
      byAccount.set(row.accountId, sums);
    }
    sums.add(row);
  }
  const documents = [...byAccount].flatMap(([accountId, sums]) => {
    const cells = sums.cells();
    return [...new Set(cells.map(({ at }) => at))].map((at) =>
      packInsights({ accountId, at, cells: cells.filter((cell) => cell.at === at) }),
    );
  });
  await write(documents, unit);
  return new Set(documents.map(({ at }) => at.getTime())).size;
}

async function write(documents: PackedInsights[], unit: RollUnit): Promise<void> {
  const collection = unit === "day" ? insightDays : insightHours;
  for (let from = 0; from < documents.length; from += WRITES_MAX)
    await collection.bulkWrite(
      // An upsert names its shard key (docs/scaling.md).
      documents.slice(from, from + WRITES_MAX).map(({ _id, accountId, ...fields }) => ({
        updateOne: { filter: { _id, accountId }, update: { $set: fields }, upsert: true },
      })),
      { ordered: false },
    );
}
