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
  const ordered = plan.sorted || order === null;
  const maximum = ordered && limit > 0 ? skip + limit : Infinity;
  const matches: StoredDocument[] = [];
  plan.scan((stored) => test(stored.doc) && matches.push(stored) >= maximum);
  const sorted = ordered || !order ? matches : order(matches, (stored) => stored.doc);
  return skip > 0 || sorted.length > limit
    ? sorted.slice(skip, limit > 0 ? skip + limit : undefined)
    : sorted;
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
