import { compileFilter } from "./compile-filter";
import type { StoredDocument } from "../storage/stored-document";
import { planFor } from "./query-plan";
import { compileSort, sortFields } from "./compile-sort";
import type { StoredCollection } from "../storage/document-store";
import type { BsonDocument } from "../values/values";

/** The documents that match, in order. Uses an index where one helps. */
export function select(
  collection: StoredCollection | undefined,
  filter: BsonDocument,
  options: { sort?: BsonDocument; skip?: number; limit?: number } = {},
): StoredDocument[] {
  const test = compileFilter(filter);
  const { sort = {}, skip = 0, limit = 0 } = options;
  const order = compileSort(sort);
  if (!collection) return [];
  const plan = planFor(collection, filter, order ? sortFields(sort) : []);
  const isOrdered = plan.isSorted || order === null;
  const maximum = isOrdered && limit > 0 ? skip + limit : Infinity;
  const matches: StoredDocument[] = [];
  plan.scan((record) => test(record.doc) && matches.push(record) >= maximum);
  const records = isOrdered || !order ? matches : order(matches, (record) => record.doc);
  return skip > 0 || records.length > limit
    ? records.slice(skip, limit > 0 ? skip + limit : undefined)
    : records;
}

/** All documents that may match, as they are now. The caller tests them in turns, because they may be many. */
export function candidates(
  collection: StoredCollection | undefined,
  filter: BsonDocument,
): (BsonDocument | Uint8Array)[] {
  const documents: (BsonDocument | Uint8Array)[] = [];
  if (collection)
    planFor(collection, filter, []).scan(({ snapshot }) => (documents.push(snapshot), false));
  return documents;
}
