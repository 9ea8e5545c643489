import type { Filter } from "mongodb";
import { days, usage } from "./collection";
import { scopeOf, type RowFilter } from "./figures";
import { DAY_MS, startOfDay, type UsageDay, type UsageRow } from "./schema";

/** Where a page ends: the row it starts after. */
export type RowCursor = { at: Date; id: string };
export type RowPage = { rows: UsageRow[]; hasNewer: boolean; hasOlder: boolean };

/**
 * A page of rows, the newest first: the first one, or the one `before` (older than) or `after` (newer than) a row. With `days`,
 * those of which `listCells` says that rows match, no other day's rows are looked at, however rare a match is.
 */
export async function listPage({
  filter,
  days: matchingDays,
  limit,
  before,
  after,
}: {
  filter: RowFilter;
  days?: Date[];
  limit: number;
  before?: RowCursor | undefined;
  after?: RowCursor | undefined;
}): Promise<RowPage> {
  const sort = after ? ({ at: 1, _id: 1 } as const) : ({ at: -1, _id: -1 } as const);
  const matches: UsageRow[] = [];
  const runs = matchingDays ? runsOf(matchingDays) : [{ from: filter.from, to: filter.to }];
  for (const run of after ? runs : runs.toReversed()) {
    if ((before && run.from > before.at) || (after && run.to < startOfDay(after.at))) continue;
    const from = run.from > filter.from ? run.from : filter.from;
    const scope = { ...filter, ...run, from };
    const part = usage.find(beyond(scope, { before, after })).sort(sort);
    matches.push(...(await part.limit(limit + 1 - matches.length).toArray()));
    if (matches.length > limit) break;
  }
  const hasMore = matches.length > limit;
  const rows = matches.slice(0, limit);
  if (after) return { rows: rows.toReversed(), hasNewer: hasMore, hasOlder: true };
  return { rows, hasNewer: before !== undefined, hasOlder: hasMore };
}

/** Days as stretches of days that follow each other, the oldest first. */
function runsOf(all: Date[]): { from: Date; to: Date }[] {
  const runs: { from: Date; to: Date }[] = [];
  for (const time of [...new Set(all.map(Number))].toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    const day = new Date(time);
    if (last && time - last.to.getTime() === DAY_MS) last.to = day;
    else runs.push({ from: day, to: day });
  }
  return runs;
}

/** Every row of a filter, the newest first, read as it is taken. */
export async function* eachRow(filter: RowFilter): AsyncGenerator<UsageRow> {
  yield* usage.find(matching(filter), { batchSize: 1_000 }).sort({ at: -1, _id: -1 });
}

/** Every summed-up day of an account, the oldest first, read as it is taken. */
export async function* eachDay(accountId: string): AsyncGenerator<UsageDay> {
  yield* days.find({ accountId }, { batchSize: 1_000 }).sort({ day: 1 });
}

/** A row by its request's id; null for one that is not there or is another account's. */
export async function findOwnRow({
  accountId,
  requestId,
}: {
  accountId: string;
  requestId: string;
}): Promise<UsageRow | null> {
  return usage.findOne({ _id: requestId, accountId });
}

/** The ids of an account's rows next to a row, in the order of the list. */
export async function findNeighbors(
  row: Pick<UsageRow, "_id" | "accountId" | "at">,
): Promise<{ newer: string | null; older: string | null }> {
  const { _id: id, accountId, at } = row;
  const [[newer], [older]] = await Promise.all([
    usage
      .find({ accountId, at: { $gte: at }, $or: [{ at: { $gt: at } }, { _id: { $gt: id } }] })
      .sort({ at: 1, _id: 1 })
      .limit(1)
      .toArray(),
    usage
      .find({ accountId, at: { $lte: at }, $or: [{ at: { $lt: at } }, { _id: { $lt: id } }] })
      .sort({ at: -1, _id: -1 })
      .limit(1)
      .toArray(),
  ]);
  return { newer: newer?._id ?? null, older: older?._id ?? null };
}

/** Whether an account ever used a project, which may be deleted by now. */
export async function hasUsed({
  accountId,
  projectId,
}: {
  accountId: string;
  projectId: string;
}): Promise<boolean> {
  const scope = { accountId, projectId };
  return ((await days.findOne(scope)) ?? (await usage.findOne(scope))) !== null;
}

function matching(filter: RowFilter) {
  const { from, to, endedBy, endings, provider, endpoint, keyId } = filter;
  return {
    ...scopeOf(filter),
    at: { $gte: from, $lt: new Date(to.getTime() + DAY_MS) },
    ...(endedBy === undefined ? (endings ? { endedBy: { $in: endings } } : {}) : { endedBy }),
    ...(provider === undefined ? {} : { provider }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keyId === undefined ? {} : { keyId }),
  };
}

/** The bound on `at` narrows the index; the alternatives part rows of the same instant by their ids. */
function beyond(
  filter: RowFilter,
  { before, after }: { before?: RowCursor | undefined; after?: RowCursor | undefined },
): Filter<UsageRow> {
  const { at, ...conditions } = matching(filter);
  if (after) {
    const minimum = after.at > at.$gte ? after.at : at.$gte;
    return {
      ...conditions,
      at: { ...at, $gte: minimum },
      $or: [{ at: { $gt: after.at } }, { _id: { $gt: after.id } }],
    };
  }
  if (before)
    return {
      ...conditions,
      at: { ...at, $lte: before.at },
      $or: [{ at: { $lt: before.at } }, { _id: { $lt: before.id } }],
    };
  return { ...conditions, at };
}
