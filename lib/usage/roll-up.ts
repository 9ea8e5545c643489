import { MongoBulkWriteError, type AnyBulkWriteOperation } from "mongodb";
import { now as databaseTime } from "@/lib/clock";
import { days, rollUps, usage } from "./collection";
import {
  addFigures,
  DAY_MS,
  isError,
  noFigures,
  OPEN_DAYS,
  startOfDay,
  COMPLETE_DAYS,
  type RollUpState,
  type UsageDay,
} from "./schema";
import { figuresOf, SUMS, type SumsByEnd } from "./sums";

type RollUpInput = {
  /** When the oldest open hold was placed, in epoch milliseconds; null when there is none. */
  oldestHold: () => Promise<number | null>;
  /** Sums up every open day now, not only when it is due. */
  again?: boolean;
  clock?: () => number;
};

/** Requests that ran past midnight have mostly settled by then. */
const CLOSES_AFTER_MS = 3_600_000;
/** Whoever takes the work on has so long before another tries. */
const LEASE_MS = 10 * 60_000;
const WRITES_MAX = 1_000;

/**
 * `expired` counts the days whose rows may be gone before they were summed up: what they were is no longer known.
 *
 * Sums rows up into `days`, once a day, for the days that closed within a week; then freezes them, so that they stand in for
 * rows that have expired. Never touches a balance. Safe to repeat, to run concurrently, and to interrupt anywhere:
 *
 * - Until a day is frozen, its documents are computed again from all of its rows.
 * - A day is frozen only while no hold from before its end is open. A hold is closed only after its row is there, so no row
 *   of a frozen day is still to come, and none of its rows waits to be charged.
 * - What was frozen is not written again, however late another pass over the same day writes.
 */
export async function rollUp({
  oldestHold,
  again: recheck = false,
  clock = databaseTime,
}: RollUpInput): Promise<{
  days: number;
  frozen: number;
  expired: number;
}> {
  const counts = { days: 0, frozen: 0, expired: 0 };
  const now = clock();
  const state = await stateOf({ oldestHold, now });
  if (!recheck && now < state.nextAt.getTime()) return counts;
  const states = await rollUps();
  const claim = await states.updateOne(
    { _id: "days", nextAt: state.nextAt },
    { $set: { nextAt: new Date(now + LEASE_MS) } },
  );
  if (claim.modifiedCount === 0 && !recheck) return counts;

  // Read before the rows are: a hold that is gone by now has left its row.
  const oldestHeldAt = (await oldestHold()) ?? Infinity;
  const closeBefore = startOfDay(now - CLOSES_AFTER_MS);
  let frozenBefore = state.frozenBefore;
  for (let day = state.frozenBefore; day < closeBefore; day = nextDay(day)) {
    const end = nextDay(day).getTime();
    const isNext = day.getTime() === frozenBefore.getTime();
    const freeze = isNext && end + OPEN_DAYS * DAY_MS <= now && oldestHeldAt >= end;
    const sums = await sumsOf(day);
    // Asked after the rows were read: they were all there.
    const isComplete = clock() < day.getTime() + COMPLETE_DAYS * DAY_MS;
    if (isComplete) await write(sums, freeze);
    counts[isComplete ? "days" : "expired"]++;
    if (isComplete && !freeze) continue;
    frozenBefore = nextDay(day);
    if (isComplete) counts.frozen++;
    const state = {
      frozenBefore,
      rolledBefore: frozenBefore,
      ...(isComplete ? {} : { gapBefore: frozenBefore }),
    };
    await states.updateOne({ _id: "days" }, { $max: state });
  }
  await states.updateOne(
    { _id: "days" },
    {
      $max: { rolledBefore: closeBefore },
      $set: { nextAt: new Date(nextDay(closeBefore).getTime() + CLOSES_AFTER_MS) },
    },
  );
  return counts;
}

const nextDay = (day: Date) => new Date(day.getTime() + DAY_MS);

/** The state, made when there is none: the first day is the one of the oldest row there is or may still come. */
async function stateOf({
  oldestHold,
  now,
}: {
  oldestHold: RollUpInput["oldestHold"];
  now: number;
}): Promise<RollUpState> {
  const states = await rollUps();
  const state = await states.findOne({ _id: "days" });
  if (state) return state;
  const oldestHeldAt = (await oldestHold()) ?? now;
  const [row] = await usage
    .find({}, { projection: { at: 1 } })
    .sort({ at: 1 })
    .limit(1)
    .toArray();
  const first = startOfDay(Math.min(now - DAY_MS, oldestHeldAt, row?.at.getTime() ?? now));
  const initialState: Omit<RollUpState, "_id"> = {
    rolledBefore: first,
    frozenBefore: first,
    nextAt: new Date(0),
  };
  return (
    (await states.findOneAndUpdate(
      { _id: "days" },
      { $setOnInsert: initialState },
      { upsert: true, returnDocument: "after" },
    )) ?? { _id: "days", ...initialState }
  );
}

type RollUpGroup = { _id: { account: string; project: string; model: string }; parts: SumsByEnd[] };

/** The documents of a day, as its rows are now. */
async function sumsOf(day: Date): Promise<UsageDay[]> {
  const parts = Object.fromEntries(Object.keys(SUMS).map((name) => [name, `$${name}`]));
  const groups = usage.aggregate<RollUpGroup>(
    [
      { $match: { at: { $gte: day, $lt: nextDay(day) } } },
      {
        $group: {
          _id: { account: "$accountId", project: "$projectId", model: "$model", ended: "$endedBy" },
          ...SUMS,
        },
      },
      {
        $group: {
          _id: { account: "$_id.account", project: "$_id.project", model: "$_id.model" },
          parts: { $push: { ended: "$_id.ended", ...parts } },
        },
      },
    ],
    { allowDiskUse: true },
  );
  const records: UsageDay[] = [];
  for await (const group of groups) records.push(documentOf(day, group));
  return records;
}

function documentOf(day: Date, { _id: { account, project, model }, parts }: RollUpGroup): UsageDay {
  const total = noFigures();
  const endedCells: UsageDay["ended"] = {};
  let errors = 0;
  for (const { ended: how, ...sums } of parts) {
    const figures = figuresOf(sums);
    addFigures(total, figures);
    endedCells[how] = figures;
    if (isError(how)) errors += figures.requests;
  }
  return {
    _id: `${account}/${day.toISOString().slice(0, 10)}/${project}/${model}`,
    accountId: account,
    projectId: project,
    model,
    day,
    ...total,
    errors,
    ended: endedCells,
    frozen: false,
  };
}

async function write(records: UsageDay[], freeze: boolean): Promise<void> {
  for (let from = 0; from < records.length; from += WRITES_MAX) {
    const writes = records
      .slice(from, from + WRITES_MAX)
      .map(({ _id, accountId, ...day }): AnyBulkWriteOperation<UsageDay> => ({
        updateOne: {
          // An upsert names its shard key (docs/scaling.md).
          filter: { _id, accountId, ...(freeze ? {} : { frozen: { $ne: true } }) },
          update: { $set: { ...day, frozen: freeze } },
          upsert: true,
        },
      }));
    const stood = await days.bulkWrite(writes, { ordered: false }).then(() => false, isStanding);
    // Another pass made the document first. Only where the day is frozen must it be ours that stands.
    if (stood && freeze) await days.bulkWrite(writes, { ordered: false });
  }
}

/** True when the only failures are documents that are there: frozen meanwhile, or made by another pass. Else throws. */
function isStanding(error: unknown): true {
  if (
    error instanceof MongoBulkWriteError &&
    [error.writeErrors].flat().every((writeError) => writeError.code === 11000)
  )
    return true;
  throw error;
}
