import { compileFilter, type DocumentFilter } from "../query/compile-filter";
import { CommandError } from "../command-error";
import { addToList, createList, firstWith, removeFromList, type OrderedList } from "./ordered-list";
import type { StoredDocument } from "./stored-document";
import {
  EMPTY,
  fieldOf,
  inverted,
  isDocument,
  orderKey,
  partsOf,
  shown,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

export type IndexSpec = {
  name: string;
  key: Record<string, number>;
  unique?: boolean;
  sparse?: boolean;
  partialFilterExpression?: BsonDocument;
  expireAfterSeconds?: number;
  v: 2;
};
export type IndexField = { path: string; parts: string[]; top: string; descending: boolean };
export type CollectionIndex = {
  spec: IndexSpec;
  fields: IndexField[];
  entries: OrderedList;
  /** True after a document with an array; never reset, as in MongoDB. */
  multikey: boolean;
  partial: DocumentFilter | null;
};

export function createIndex(spec: IndexSpec): CollectionIndex {
  const fields = Object.entries(spec.key).map(([path, direction]) => {
    const parts = partsOf(path);
    return { path, parts, top: parts[0] ?? "", descending: direction < 0 };
  });
  const partial = spec.partialFilterExpression ? compileFilter(spec.partialFilterExpression) : null;
  return { spec, fields, entries: createList(), multikey: false, partial };
}

/** A value's part of an index key. */
export function keyPart(field: IndexField, value: BsonValue): string {
  return field.descending ? inverted(orderKey(value)) : orderKey(value);
}

/**
 * The keys of a document in an index, each once. As in MongoDB, every element of an array gives a separate key, a missing field
 * counts as null, and a sparse index leaves out an element (or a document without arrays) that has none of the fields.
 */
export function keysOf(index: CollectionIndex, doc: BsonDocument): string[] {
  if (index.partial && !index.partial(doc)) return [];
  const [only] = index.fields;
  if (only && index.fields.length === 1) return keysOfOne(index, only, doc);
  const keys = new Set<string>();
  eachKey(index, doc, (key) => keys.add(key));
  return [...keys];
}

/** The same for an index on one field, the usual case. */
function keysOfOne(index: CollectionIndex, field: IndexField, doc: BsonDocument): string[] {
  const { parts } = field;
  const keys: string[] = [];
  let last: BsonValue;
  const add = (value: BsonValue) => {
    if (value === undefined && index.spec.sparse) return;
    // Elements often repeat a value; other repetitions are removed below.
    if (keys.length > 0 && value === last && typeof value !== "object") return;
    last = value;
    keys.push(keyPart(field, value));
  };
  const walk = (node: BsonValue, from: number): void => {
    let value = node;
    let at = from;
    for (; at < parts.length && !Array.isArray(value); at++)
      value = isDocument(value) ? fieldOf(value, parts[at] as string) : undefined;
    if (!Array.isArray(value)) return add(value);
    index.multikey = true;
    for (const element of value.length > 0 ? (value as BsonValue[]) : [EMPTY]) {
      if (at === parts.length) add(element);
      else walk(isDocument(element) ? element : undefined, at);
    }
  };
  walk(doc, 0);
  return keys.length > 1 ? [...new Set(keys)] : keys;
}

function eachKey(
  index: CollectionIndex,
  doc: BsonDocument,
  emit: (key: string, values: BsonValue[]) => void,
): void {
  const places = index.fields.map(() => 0);
  const fixedValues = index.fields.map((): BsonValue => undefined);
  expand({ index, emit }, doc, places, fixedValues, 0);
}

type KeyExpansion = { index: CollectionIndex; emit: (key: string, values: BsonValue[]) => void };

function expand(
  { index, emit }: KeyExpansion,
  node: BsonValue,
  before: number[],
  values: BsonValue[],
  missing: number,
): void {
  const places = [...before];
  const entryValues = [...values];
  const inArray: number[] = [];
  let array: BsonValue[] | undefined;
  for (const [i, { parts }] of index.fields.entries()) {
    let at = places[i] ?? 0;
    if (at < 0) continue;
    let value: BsonValue = node;
    while (at < parts.length && !Array.isArray(value)) {
      value = isDocument(value) ? fieldOf(value, parts[at] ?? "") : undefined;
      at++;
    }
    if (Array.isArray(value)) {
      if (array && array !== value) throw parallelArrays(index);
      array = value;
      inArray.push(i);
      places[i] = at;
    } else {
      places[i] = -1;
      entryValues[i] = value;
      if (value === undefined) missing++;
    }
  }
  if (!array) {
    if (index.spec.sparse && missing === index.fields.length) return;
    emit(index.fields.map((field, i) => keyPart(field, entryValues[i])).join(""), entryValues);
    return;
  }
  index.multikey = true;
  for (const element of array.length > 0 ? array : [EMPTY]) {
    const next = [...places];
    const nextFixed = [...entryValues];
    for (const i of inArray) {
      if ((places[i] ?? 0) < (index.fields[i]?.parts.length ?? 0)) continue;
      next[i] = -1;
      nextFixed[i] = element;
    }
    expand({ index, emit }, isDocument(element) ? element : {}, next, nextFixed, missing);
  }
}

const parallelArrays = (index: CollectionIndex) =>
  new CommandError(
    171,
    "CannotIndexParallelArrays",
    `cannot index parallel arrays in index ${index.spec.name}`,
  );

/** Throws E11000 when another document has one of these keys. */
export function checkUnique(input: {
  index: CollectionIndex;
  namespace: string;
  keys: string[];
  doc: BsonDocument;
  self?: StoredDocument;
}): void {
  const { index, namespace, keys, doc, self } = input;
  if (!index.spec.unique) return;
  for (const key of keys) {
    const holder = firstWith(index.entries, key);
    if (holder && holder !== self) throw duplicateOf({ index, namespace, key, doc });
  }
}

/** The E11000 error for one key of a document. */
export function duplicateOf(input: {
  index: CollectionIndex;
  namespace: string;
  key: string;
  doc: BsonDocument;
}): CommandError {
  const { index, namespace, doc } = input;
  let keyValue: BsonDocument = {};
  eachKey(index, doc, (key, values) => {
    if (key !== input.key) return;
    const namedValues = index.fields.map(({ path }, i) => [
      path,
      values[i] === EMPTY ? undefined : (values[i] ?? null),
    ]);
    keyValue = Object.fromEntries(namedValues);
  });
  const message = `E11000 duplicate key error collection: ${namespace} index: ${index.spec.name} dup key: ${shown(keyValue)}`;
  return new CommandError(11000, "DuplicateKey", message, { keyPattern: index.spec.key, keyValue });
}

export function addKeys(index: CollectionIndex, keys: string[], record: StoredDocument): void {
  for (const key of keys) addToList(index.entries, key, record);
}

export function removeKeys(index: CollectionIndex, keys: string[], record: StoredDocument): void {
  for (const key of keys) removeFromList(index.entries, key, record);
}

/** True when a change of the document can change its keys: a field is no longer the same object. */
export function isTouched(
  index: CollectionIndex,
  before: BsonDocument,
  after: BsonDocument,
): boolean {
  return (
    index.partial !== null ||
    index.fields.some(({ top }) => fieldOf(before, top) !== fieldOf(after, top))
  );
}
