import type { CollectionIndex, IndexField } from "../storage/collection-index";
import { hasOperators } from "./value-tests";
import { scanList } from "../storage/ordered-list";
import type { StoredDocument } from "../storage/stored-document";
import type { StoredCollection } from "../storage/document-store";
import {
  inverted,
  isDocument,
  orderKey,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

/** What a filter requires of one path: the values it may have, or bounds. Only conditions that every match satisfies. */
type PathCondition = {
  equals?: BsonValue;
  oneOf?: BsonValue[];
  minimum?: BsonValue;
  maximum?: BsonValue;
};
type DocumentVisitor = (record: StoredDocument) => boolean;
/** How to visit the candidates: a superset of the matches, each once. `sorted` when they come in the order of the sort. */
export type QueryPlan = { scan: (visit: DocumentVisitor) => void; isSorted: boolean; name: string };

/** Chooses the cheapest scan over the documents that a filter can match. */
export function planFor(
  collection: StoredCollection,
  filter: BsonDocument,
  sort: { path: string; descending: boolean }[],
): QueryPlan {
  const conditions = new Map<string, PathCondition>();
  collect(filter, "", conditions);
  const id = conditions.get("_id");
  if (id && "equals" in id) return byIds(collection, [id.equals]);
  if (id?.oneOf) return byIds(collection, id.oneOf);
  let best: { score: number; plan: () => QueryPlan } | null = null;
  for (const index of collection.indexes) {
    const choice = consider(index, conditions, sort);
    if (choice && (!best || choice.score > best.score)) best = choice;
  }
  return (
    best?.plan() ?? {
      scan: (visit) => void scanAll(collection, visit),
      isSorted: sort.length === 0,
      name: "COLLSCAN",
    }
  );
}

function scanAll(collection: StoredCollection, visit: DocumentVisitor): void {
  for (const record of collection.byId.values()) if (visit(record)) return;
}

function byIds(collection: StoredCollection, ids: BsonValue[]): QueryPlan {
  const scan = (visit: DocumentVisitor) => {
    for (const key of new Set(ids.map(orderKey))) {
      const record = collection.byId.get(key);
      if (record && visit(record)) return;
    }
  };
  return { scan, isSorted: ids.length === 1, name: "IDHACK" };
}

/** A value whose matches all have it as an index key: null also means missing, an array also its elements. */
const isKey = (value: BsonValue) =>
  value !== null &&
  value !== undefined &&
  !Array.isArray(value) &&
  !(value instanceof RegExp) &&
  !Number.isNaN(value);

function collect(
  filter: BsonDocument,
  prefix: string,
  conditions: Map<string, PathCondition>,
): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === "$and" && Array.isArray(operand))
      for (const part of operand as BsonDocument[]) collect(part, prefix, conditions);
    if (name.startsWith("$")) continue;
    const path = prefix + name;
    if (!hasOperators(operand)) {
      if (isKey(operand)) note(conditions, path, { equals: operand });
      continue;
    }
    const { $eq, $in, $gt, $gte, $lt, $lte, $elemMatch } = operand as Record<string, BsonValue>;
    if (isKey($eq)) note(conditions, path, { equals: $eq });
    if (Array.isArray($in) && $in.every(isKey)) note(conditions, path, { oneOf: $in });
    const minimum = $gte ?? $gt;
    const maximum = $lte ?? $lt;
    if (isKey(minimum)) note(conditions, path, { minimum });
    if (isKey(maximum)) note(conditions, path, { maximum });
    // Some element meets the condition: enough for candidates.
    if (isDocument($elemMatch) && !Object.keys($elemMatch).some((name) => name.startsWith("$")))
      collect($elemMatch, `${path}.`, conditions);
  }
}

function note(
  conditions: Map<string, PathCondition>,
  path: string,
  condition: PathCondition,
): void {
  const existing = conditions.get(path);
  if (!existing) conditions.set(path, condition);
  else if (!("equals" in existing)) conditions.set(path, { ...condition, ...existing });
}

function consider(
  index: CollectionIndex,
  conditions: Map<string, PathCondition>,
  sort: { path: string; descending: boolean }[],
): { score: number; plan: () => QueryPlan } | null {
  // A partial index leaves documents out; it only enforces uniqueness.
  if (index.partial) return null;
  const [first] = index.fields;
  if (!first) return null;
  const leading = conditions.get(first.path);
  if (leading?.oneOf && !("equals" in leading)) {
    const ranges = leading.oneOf.map((value) => prefixRange(part(first, value)));
    return {
      score: 8,
      plan: () => scanRanges(index, ranges, { isSorted: false, backward: false }),
    };
  }
  let prefix = "";
  let equal = 0;
  // Different elements of an array may meet the conditions: only the first field narrows the scan then.
  const fieldCount = index.multikey ? 1 : index.fields.length;
  for (; equal < fieldCount; equal++) {
    const field = index.fields[equal] as IndexField;
    const condition = conditions.get(field.path);
    if (!condition || !("equals" in condition)) break;
    prefix += part(field, condition.equals);
  }
  const next = equal < fieldCount ? index.fields[equal] : undefined;
  const bounds = next && conditions.get(next.path);
  const range = next && bounds ? boundedRange({ index, field: next, prefix, bounds }) : null;
  if (index.spec.sparse && equal === 0 && !range) return null;
  const order = index.multikey ? null : orderServed(index, equal, conditions, sort);
  const score = equal * 10 + (range ? 5 : 0) + (order !== null && sort.length > 0 ? 7 : 0);
  if (score === 0) return null;
  const isSorted = sort.length === 0 || order !== null;
  return {
    score,
    plan: () =>
      scanRanges(index, [range ?? prefixRange(prefix)], {
        isSorted,
        backward: order === "backward",
      }),
  };
}

const part = (field: IndexField, value: BsonValue) =>
  field.descending ? inverted(orderKey(value)) : orderKey(value);

type KeyRange = { from: string; to: string };
const prefixRange = (prefix: string): KeyRange => ({ from: prefix, to: `${prefix}\uffff` });

function boundedRange(input: {
  index: CollectionIndex;
  field: IndexField;
  prefix: string;
  bounds: PathCondition;
}): KeyRange | null {
  const { index, field, prefix, bounds } = input;
  const keys = [bounds.minimum, bounds.maximum].map((value) =>
    value === undefined ? undefined : orderKey(value),
  );
  let [low, high] = keys;
  const bound = low ?? high;
  if (bound === undefined) return null;
  // One element of an array may meet the lower bound and another the upper.
  if (index.multikey && low !== undefined) high = undefined;
  const tag = bound.charCodeAt(0);
  if (low !== undefined && high !== undefined && high.charCodeAt(0) !== tag) high = undefined;
  const from = low ?? String.fromCharCode(tag);
  const to = high === undefined ? String.fromCharCode(tag + 1) : `${high}\uffff`;
  if (!field.descending) return { from: prefix + from, to: prefix + to };
  const start = high === undefined ? String.fromCharCode(0xffff - tag) : inverted(high);
  const end = low === undefined ? String.fromCharCode(0xffff - tag + 1) : `${inverted(low)}\uffff`;
  return { from: prefix + start, to: prefix + end };
}

/** The direction in which an index has the order of the sort, when its first `equal` fields are fixed; null when it has not. */
function orderServed(
  index: CollectionIndex,
  equal: number,
  conditions: Map<string, PathCondition>,
  sort: { path: string; descending: boolean }[],
): "forward" | "backward" | null {
  const remaining = sort.filter(
    ({ path }) => !index.fields.slice(0, equal).some((field) => field.path === path),
  );
  let direction: "forward" | "backward" | null = null;
  for (const [i, { path, descending }] of remaining.entries()) {
    const field = index.fields[equal + i];
    if (field?.path !== path) return null;
    const scanDirection = field.descending === descending ? "forward" : "backward";
    if (direction !== null && direction !== scanDirection) return null;
    direction = scanDirection;
  }
  return direction ?? "forward";
}

function scanRanges(
  index: CollectionIndex,
  ranges: KeyRange[],
  order: { isSorted: boolean; backward: boolean },
): QueryPlan {
  const scan = (visit: DocumentVisitor) => {
    const visitedRecords = index.multikey || ranges.length > 1 ? new Set<StoredDocument>() : null;
    let isDone = false;
    const visitOnce: DocumentVisitor = (record) => {
      if (visitedRecords?.has(record)) return false;
      visitedRecords?.add(record);
      return (isDone = visit(record));
    };
    for (const range of ranges) {
      scanList(index.entries, { ...range, backward: order.backward }, visitOnce);
      if (isDone) return;
    }
  };
  return { scan, isSorted: order.isSorted, name: index.spec.name };
}
