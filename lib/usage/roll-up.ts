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
  WHOLE_DAYS,
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
 * `expired` counts the days whose rows may be gone before they were summed up: what they were cannot be told any more.
 *
 * Sums rows up into `days`, once a day, for the days that closed within a week; then freezes them, so that they stand in for
 * rows that have expired. Never touches a balance. Safe to repeat, twice at once, and to break off anywhere:
 *
 * - Until a day is frozen, its documents are made anew from all of its rows.
 * - A day is frozen only while no hold from before its end is open. A hold is closed only after its row is there, so no row
 *   of a frozen day is still to come, and none of its rows waits to be charged.
 * - What was frozen is not written again, however late another pass over the same day comes to its writes.
 */
export async function rollUp({
  oldestHold,
  again = false,
  clock = databaseTime,
}: RollUpInput): Promise<{
  days: number;
  frozen: number;
  expired: number;
}> {
  const done = { days: 0, frozen: 0, expired: 0 };
  const now = clock();
  const state = await stateOf({ oldestHold, now });
  if (!again && now < state.nextAt.getTime()) return done;
  const states = await rollUps();
  const claim = await states.updateOne(
    { _id: "days", nextAt: state.nextAt },
    { $set: { nextAt: new Date(now + LEASE_MS) } },
  );
  if (claim.modifiedCount === 0 && !again) return done;

  // Read before the rows are: a hold that is gone by now has left its row.
  const held = (await oldestHold()) ?? Infinity;
  const closed = startOfDay(now - CLOSES_AFTER_MS);
  let frozenBefore = state.frozenBefore;
  for (let day = state.frozenBefore; day < closed; day = nextDay(day)) {
    const end = nextDay(day).getTime();
    const isNext = day.getTime() === frozenBefore.getTime();
    const freeze = isNext && end + OPEN_DAYS * DAY_MS <= now && held >= end;
    const sums = await sumsOf(day);
    // Asked after the rows were read: they were all there.
    const whole = clock() < day.getTime() + WHOLE_DAYS * DAY_MS;
    if (whole) await write(sums, freeze);
    done[whole ? "days" : "expired"]++;
    if (whole && !freeze) continue;
    frozenBefore = nextDay(day);
    if (whole) done.frozen++;
    const reached = {
      frozenBefore,
      rolledBefore: frozenBefore,
      ...(whole ? {} : { gapBefore: frozenBefore }),
    };
    await states.updateOne({ _id: "days" }, { $max: reached });
  }
  await states.updateOne(
    { _id: "days" },
    {
      $max: { rolledBefore: closed },
      $set: { nextAt: new Date(nextDay(closed).getTime() + CLOSES_AFTER_MS) },
    },
  );
  return done;
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
  const found = await states.findOne({ _id: "days" });
  if (found) return found;
  const held = (await oldestHold()) ?? now;
  const [row] = await (
    await usage()
  )
    .find({}, { projection: { at: 1 } })
    .sort({ at: 1 })
    .limit(1)
    .toArray();
  const first = startOfDay(Math.min(now - DAY_MS, held, row?.at.getTime() ?? now));
  const made: Omit<RollUpState, "_id"> = {
    rolledBefore: first,
    frozenBefore: first,
    nextAt: new Date(0),
  };
  return (
    (await states.findOneAndUpdate(
      { _id: "days" },
      { $setOnInsert: made },
      { upsert: true, returnDocument: "after" },
    )) ?? { _id: "days", ...made }
  );
}

type RollUpGroup = { _id: { account: string; project: string; model: string }; parts: SumsByEnd[] };

/** The documents of a day, as its rows are now. */
async function sumsOf(day: Date): Promise<UsageDay[]> {
  const parts = Object.fromEntries(Object.keys(SUMS).map((name) => [name, `$${name}`]));
  const groups = (await usage()).aggregate<RollUpGroup>(
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
  const made: UsageDay[] = [];
  for await (const group of groups) made.push(documentOf(day, group));
  return made;
}

function documentOf(day: Date, { _id: { account, project, model }, parts }: RollUpGroup): UsageDay {
  const whole = noFigures();
  const ended: UsageDay["ended"] = {};
  let errors = 0;
  for (const { ended: how, ...sums } of parts) {
    const figures = figuresOf(sums);
    addFigures(whole, figures);
    ended[how] = figures;
    if (isError(how)) errors += figures.requests;
  }
  return {
    _id: `${account}/${day.toISOString().slice(0, 10)}/${project}/${model}`,
    ...{ accountId: account, projectId: project, model, day },
    ...whole,
    ...{ errors, ended, frozen: false },
  };
}

async function write(made: UsageDay[], freeze: boolean): Promise<void> {
  const all = await days();
  for (let from = 0; from < made.length; from += WRITES_MAX) {
    const writes = made
      .slice(from, from + WRITES_MAX)
      .map(({ _id, ...day }): AnyBulkWriteOperation<UsageDay> => ({
        updateOne: {
          filter: freeze ? { _id } : { _id, frozen: { $ne: true } },
          update: { $set: { ...day, frozen: freeze } },
          upsert: true,
        },
      }));
    const stood = await all.bulkWrite(writes, { ordered: false }).then(() => false, isStanding);
    // Another pass made the document first. Only where the day is frozen must it be ours that stands.
    if (stood && freeze) await all.bulkWrite(writes, { ordered: false });
  }
}

/** True when the only failures are documents that are there: frozen meanwhile, or made by another pass. Else throws. */
function isStanding(error: unknown): true {
  if (
    error instanceof MongoBulkWriteError &&
    [error.writeErrors].flat().every((each) => each.code === 11000)
  )
    return true;
  throw error;
}
