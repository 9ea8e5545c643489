import { compileFilter } from "./filters";
import type { Stored } from "./ordered-list";
import { planFor } from "./plan";
import { compileSort, sortFields } from "./sort";
import type { Collection } from "./store";
import type { Doc } from "./values";

/** The documents that match, in order; found through an index where one helps. */
export function select(
  collection: Collection | undefined,
  filter: Doc,
  options: { sort?: Doc; skip?: number; limit?: number } = {},
): Stored[] {
  const test = compileFilter(filter);
  const { sort = {}, skip = 0, limit = 0 } = options;
  const order = compileSort(sort);
  if (!collection) return [];
  const plan = planFor(collection, filter, order ? sortFields(sort) : []);
  const ordered = plan.sorted || order === null;
  const most = ordered && limit > 0 ? skip + limit : Infinity;
  const found: Stored[] = [];
  plan.scan((stored) => test(stored.doc) && found.push(stored) >= most);
  const sorted = ordered || !order ? found : order(found, (stored) => stored.doc);
  return skip > 0 || sorted.length > limit
    ? sorted.slice(skip, limit > 0 ? skip + limit : undefined)
    : sorted;
}

/** Documents among which all matches are, as they are now: what may be many is tested by the caller, in turns. */
export function candidates(collection: Collection | undefined, filter: Doc): Doc[] {
  const found: Doc[] = [];
  if (collection) planFor(collection, filter, []).scan(({ doc }) => (found.push(doc), false));
  return found;
}
