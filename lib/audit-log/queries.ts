import type { Filter } from "mongodb";
import { auditLog } from "./collection";
import type { AuditEntry, AuditType } from "./schema";

/** Where a page ends: the entry that the next one begins after. */
export type AuditCursor = Pick<AuditEntry, "_id" | "at">;

export type AuditFilter = {
  accountId: string;
  /** An actor's id. */
  actor?: string | undefined;
  /** The noun of types, such as `key`, or a complete type. */
  type?: string | undefined;
  from?: Date | undefined;
  /** The first instant after the range. */
  to?: Date | undefined;
  /** A part of the name of what was changed or of who did it, of their address, or of an id. Upper and lower case are the same. */
  text?: string | undefined;
  /** Types that are left out. */
  hiddenTypes?: AuditType[] | undefined;
};

type EntryPage = AuditFilter & {
  /** Entries older than this one, or newer than that one. */
  before?: AuditCursor | undefined;
  after?: AuditCursor | undefined;
};

/** A page of entries of an account, the newest first: the first ones, those next older than `before`, or those next newer than `after`. */
export async function listAuditEntries({
  before,
  after,
  limit,
  ...filter
}: EntryPage & { limit: number }): Promise<AuditEntry[]> {
  const isUpward = before === undefined && after !== undefined;
  const side = before ? [sideOf("$lt", before)] : after ? [sideOf("$gt", after)] : [];
  const order = isUpward ? 1 : -1;
  const entries = await auditLog
    .find(matching(filter, side))
    .sort({ at: order, _id: order })
    .limit(limit)
    .toArray();
  return isUpward ? entries.toReversed() : entries;
}

/** How many entries match; with `newerThan`, how many of them are newer than that one. */
export async function countAuditEntries({
  newerThan,
  ...filter
}: AuditFilter & { newerThan?: AuditCursor }): Promise<number> {
  const side = newerThan === undefined ? [] : [sideOf("$gt", newerThan)];
  return auditLog.countDocuments(matching(filter, side));
}

const sideOf = (operator: "$lt" | "$gt", { at, _id }: AuditCursor) => ({
  $or: [{ at: { [operator]: at } }, { at, _id: { [operator]: _id } }],
});

/** Every entry of a filter, the newest first, read as it is taken. */
export async function* eachAuditEntry(filter: AuditFilter): AsyncGenerator<AuditEntry> {
  yield* auditLog.find(matching(filter), { batchSize: 500 }).sort({ at: -1, _id: -1 });
}

/** Complete entries of these types since a time, of every account, in batches. */
export async function* eachRecentEntry(input: {
  types: AuditEntry["type"][];
  from: Date;
  batchSize: number;
}): AsyncGenerator<AuditEntry[]> {
  const { types, from, batchSize } = input;
  const entries = auditLog.find(
    { at: { $gte: from }, type: { $in: types }, done: true },
    { batchSize },
  );
  let batch: AuditEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The completed entries of some types since an instant, the newest first. */
export async function listChangesSince(input: {
  accountId: string;
  types: AuditType[];
  since: Date;
}): Promise<AuditEntry[]> {
  const { accountId, types, since } = input;
  return auditLog
    .find({ accountId, at: { $gt: since }, type: { $in: types }, done: true })
    .sort({ at: -1, _id: -1 })
    .toArray();
}

/** Who is in an account's log, by id and name. */
export async function listActors(accountId: string): Promise<{ id: string; name: string }[]> {
  const groups = await auditLog
    .aggregate<{ _id: string | null; name: string }>([
      { $match: { accountId } },
      { $group: { _id: "$actor.id", name: { $last: "$actor.name" } } },
    ])
    .toArray();
  return groups.flatMap(({ _id, name }) => (_id === null ? [] : [{ id: _id, name }]));
}

function matching(
  { accountId, actor, type, from, to, text, hiddenTypes = [] }: AuditFilter,
  side: object[] = [],
): Filter<AuditEntry> {
  const at = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  const parts = [
    ...side,
    ...(hiddenTypes.length === 0 ? [] : [{ type: { $nin: hiddenTypes } }]),
    ...(text === undefined ? [] : [{ $or: SEARCHED.map((field) => ({ [field]: partOf(text) })) }]),
  ];
  return {
    accountId,
    ...(actor === undefined ? {} : { "actor.id": actor }),
    ...(type === undefined
      ? {}
      : { type: type.includes(".") ? type : { $gte: `${type}.`, $lt: `${type}/` } }),
    ...(from || to ? { at } : {}),
    ...(parts.length === 0 ? {} : { $and: parts }),
  } as Filter<AuditEntry>;
}

const SEARCHED = ["target.name", "target.id", "actor.name", "address", "client", "_id"];

const partOf = (text: string) => ({
  $regex: text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"),
  $options: "i",
});
