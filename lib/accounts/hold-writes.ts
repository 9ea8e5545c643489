import type { Filter } from "mongodb";
import { createBatches } from "@/lib/batcher";
import { DEFERRABLE, ResponseLostError, updateEach, type DocumentUpdate } from "@/lib/db/updates";
import { windowFilter, windowUpdate, type AccountWindow } from "./account-window";
import { accounts, ACCOUNTS } from "./collection";
import type { Account, Hold } from "./schema";

/**
 * What the account must say for a key to be used: that it works, under the rules that were read. An expiry is one of them: every
 * change of a key's end raises the version, so the end that was compared with the request's time is the one it has now.
 */
export type KeyAuthority = { keys: string; rulesVersion: number | null };

/** What a hold takes of a cap. */
export type CapTaking = { id: string; amount: number };

/** What the filter of a hold's write must say so that it fits into every cap. */
export const capsFilter = (takings: CapTaking[]): { $and?: Record<string, unknown>[] } =>
  takings.length === 0
    ? {}
    : {
        $and: takings.map(({ id, amount }) => ({
          caps: { $elemMatch: { id, left: { $gte: amount } } },
        })),
      };

/** Takes what a hold takes, by one array filter for each amount. */
export function capsUpdate(takings: CapTaking[]): {
  $inc: Record<string, number>;
  arrayFilters: Record<string, unknown>[];
} {
  const $inc: Record<string, number> = {};
  const arrayFilters: Record<string, unknown>[] = [];
  for (const amount of new Set(takings.map((taking) => taking.amount))) {
    const name = `c${arrayFilters.length}`;
    const ids = takings.filter((taking) => taking.amount === amount).map(({ id }) => id);
    $inc[`caps.$[${name}].left`] = -amount;
    arrayFilters.push({ [`${name}.id`]: { $in: ids } });
  }
  return { $inc, arrayFilters };
}

/** A hold on credits, as its conditional write needs it. */
export type HoldWrite = {
  accountId: string;
  hold: Hold;
  /** The account's minute, which the request counts in. */
  window: AccountWindow;
  authority: KeyAuthority;
  /** What it takes of credit limits. */
  takings: CapTaking[];
  /**
   * The same text for the same rules and caps, so that they need not be compared field by field: holds of different keys have
   * the same.
   */
  matchKey: string;
  /** How much of the free allowance would do for the request: from there on, credits are not used. */
  freeFrom: number;
};

/** With more concurrent ones than this, two batches follow each other, so that the database has one while this process has the other. */
const BATCH_MAX = 32;

/** Places a hold by a conditional write, sent together with those that arrive at the same time; whether it was placed. */
export const writeHold = createBatches({ run: writeAll, maxItems: BATCH_MAX }).add;

/**
 * Holds of one account and the same rules that arrive together are one write: they all fit and all of their keys work, or none
 * is placed and each is tried separately. So a hot account's document is written once a batch and not once a request, and
 * nothing is held that would not be held otherwise.
 */
async function writeAll(writes: HoldWrite[]): Promise<(boolean | Error)[]> {
  const groups = groupsOf(writes);
  const outcomes = await place(groups);
  const apart = groups
    .filter((group) => group.length > 1 && outcomes.get(group[0]?.hold.id ?? "") !== true)
    .flat();
  if (apart.length > 0)
    for (const [id, outcome] of await place(apart.map((write) => [write])))
      outcomes.set(id, outcome);
  return writes.map(({ hold }) => outcomes.get(hold.id) ?? false);
}

function groupsOf(writes: HoldWrite[]): HoldWrite[][] {
  const all: HoldWrite[][] = [];
  const groups = new Map<string, HoldWrite[]>();
  for (const write of writes) {
    const { at, isNew, requestsPerMinute, requestsInFlight } = write.window;
    const groupKey = `${write.accountId} ${write.hold.amount > 0} ${at} ${isNew} ${write.matchKey}`;
    const group = groups.get(groupKey);
    if (group && group.length < Math.min(requestsPerMinute, requestsInFlight)) group.push(write);
    else {
      const first = [write];
      groups.set(groupKey, first);
      all.push(first);
    }
  }
  return all;
}

/** Writes each group; what became of each hold, by its id. */
async function place(groups: HoldWrite[][]): Promise<Map<string, boolean | Error>> {
  // A power cut ends the request with its hold: nothing is owed, and what is settled later is on the disk with its hold.
  const options = { comment: DEFERRABLE, waitsForDisk: false } as const;
  const result = await updateEach(ACCOUNTS, groups.map(updateOf), options).catch(nothingIfLost);
  const outcomes = new Map<string, boolean | Error>();
  // When some matched and some did not, or the answer was lost: an id is pushed only by its own write, so the holds that are
  // there show which.
  const isClear = result !== null && (result.matched === 0 || result.matched === groups.length);
  const placedIds = isClear ? null : await holdsOf(groups);
  for (const [i, group] of groups.entries())
    for (const { hold } of group)
      outcomes.set(
        hold.id,
        result?.failed.get(i) ?? placedIds?.has(hold.id) ?? result?.matched !== 0,
      );
  return outcomes;
}

function nothingIfLost(error: unknown): null {
  if (error instanceof ResponseLostError) return null;
  throw error;
}

async function holdsOf(groups: HoldWrite[][]): Promise<Set<string>> {
  const ids = new Set(groups.flatMap((group) => group.map(({ accountId }) => accountId)));
  const accountAfter = await accounts
    .find({ _id: { $in: [...ids] } }, { projection: { "holds.id": 1 }, readPreference: "primary" })
    .toArray();
  return new Set(accountAfter.flatMap(({ holds }) => holds.map(({ id }) => id)));
}

/** The write that places all holds of a group, or none. */
function updateOf(group: HoldWrite[]): DocumentUpdate<Account> {
  const [first] = group;
  if (!first) throw new Error("A group has at least one hold.");
  const { authority, window } = first;
  const total = group.reduce((sum, { hold }) => sum + hold.amount, 0);
  const filter: Record<string, unknown> = {
    _id: first.accountId,
    "holds.id": { $nin: group.map(({ hold }) => hold.id) },
  };
  Object.assign(filter, authority, windowFilter(window, group.length));
  const digests = new Set(group.map((write) => write.authority.keys));
  if (digests.size > 1) filter.keys = { $all: [...digests] };
  const { $set, $inc = {} } = windowUpdate(window, group.length);
  if (total > 0) {
    const freeFrom = group.reduce(
      (earliest, write) => Math.min(earliest, write.freeFrom),
      Infinity,
    );
    filter.credits = { $gte: total };
    filter.$or = [{ "free.requests": { $lt: 1 } }, { "free.credits": { $lt: freeFrom } }];
    $inc.credits = -total;
  }
  const update: Record<string, unknown> = {
    $push: { holds: { $each: group.map(({ hold }) => hold) } },
  };
  const write: DocumentUpdate<Account> = { filter: filter as Filter<Account>, update };
  if (first.takings.length > 0) {
    const takings = takingsOf(group, first);
    const capUpdate = capsUpdate(takings);
    Object.assign(filter, capsFilter(takings));
    Object.assign($inc, capUpdate.$inc);
    write.arrayFilters = capUpdate.arrayFilters;
  }
  if ($set) update.$set = $set;
  if (Object.keys($inc).length > 0) update.$inc = $inc;
  return write;
}

/** What a group takes of its caps, which are the same for all of its holds. */
const takingsOf = (group: HoldWrite[], { takings }: HoldWrite): CapTaking[] =>
  takings.map(({ id }, i) => ({
    id,
    amount: group.reduce((sum, write) => sum + (write.takings[i]?.amount ?? 0), 0),
  }));
