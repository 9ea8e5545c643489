import { compileFilter } from "./compile-filter";
import type { StoredDocument } from "../storage/ordered-list";
import { planFor } from "./query-plan";
import { compileSort, sortFields } from "./compile-sort";
import type { StoredCollection } from "../storage/document-store";
import type { BsonDocument } from "../values/values";

/** The documents that match, in order; found through an index where one helps. */
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
  const most = ordered && limit > 0 ? skip + limit : Infinity;
  const found: StoredDocument[] = [];
  plan.scan((stored) => test(stored.doc) && found.push(stored) >= most);
  const sorted = ordered || !order ? found : order(found, (stored) => stored.doc);
  return skip > 0 || sorted.length > limit
    ? sorted.slice(skip, limit > 0 ? skip + limit : undefined)
    : sorted;
}

/** Documents among which all matches are, as they are now: what may be many is tested by the caller, in turns. */
export function candidates(
  collection: StoredCollection | undefined,
  filter: BsonDocument,
): BsonDocument[] {
  const found: BsonDocument[] = [];
  if (collection) planFor(collection, filter, []).scan(({ doc }) => (found.push(doc), false));
  return found;
}
