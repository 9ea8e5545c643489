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
};

/** Entries of an account, the newest first, older than `before`. */
export async function listAuditEntries({
  before,
  limit,
  ...filter
}: AuditFilter & { before?: AuditCursor | undefined; limit: number }): Promise<AuditEntry[]> {
  const older =
    before === undefined
      ? {}
      : { $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: before._id } }] };
  return auditLog
    .find({ ...matching(filter), ...older } as Filter<AuditEntry>)
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .toArray();
}

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

function matching({ accountId, actor, type, from, to }: AuditFilter): Filter<AuditEntry> {
  const at = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  return {
    accountId,
    ...(actor === undefined ? {} : { "actor.id": actor }),
    ...(type === undefined
      ? {}
      : { type: type.includes(".") ? type : { $gte: `${type}.`, $lt: `${type}/` } }),
    ...(from || to ? { at } : {}),
  } as Filter<AuditEntry>;
}
