import { compileFilter } from "./filters";
import { CommandError } from "./errors";
import { keyOf, valuesAt, type Doc } from "./values";

export type IndexSpec = {
  name: string;
  key: Record<string, number>;
  unique?: boolean;
  sparse?: boolean;
  partialFilterExpression?: Doc;
  expireAfterSeconds?: number;
  v: 2;
};
export type Index = {
  spec: IndexSpec;
  fields: string[];
  entries: Map<string, Set<string>>;
  accepts: (doc: Doc) => boolean;
};

export function createIndex(spec: IndexSpec): Index {
  const fields = Object.keys(spec.key);
  const partial = spec.partialFilterExpression ? compileFilter(spec.partialFilterExpression) : () => true;
  const present = (doc: Doc) =>
    !spec.sparse || fields.some((field) => valuesAt(doc, field).some((value) => value !== undefined));
  return { spec, fields, entries: new Map(), accepts: (doc) => partial(doc) && present(doc) };
}

/** The keys of a document in an index: one for each combination of array elements. */
export function keysOf(index: Index, doc: Doc): Set<string> {
  if (!index.accepts(doc)) return new Set();
  let keys = [""];
  for (const field of index.fields) {
    const parts = new Set(valuesAt(doc, field).map(keyOf));
    keys = keys.flatMap((key) => [...parts].map((part) => (key === "" ? part : `${key}\u0000${part}`)));
  }
  return new Set(keys);
}

/** Throws E11000 when another document has one of this document's keys. */
export function checkUnique(input: { index: Index; namespace: string; id: string; doc: Doc }): void {
  const { index, namespace, id, doc } = input;
  if (!index.spec.unique) return;
  for (const key of keysOf(index, doc)) {
    const holders = index.entries.get(key);
    if (holders && [...holders].some((holder) => holder !== id))
      throw duplicate({ namespace, name: index.spec.name, key: index.spec.key, doc });
  }
}

export function duplicate({
  namespace,
  name,
  key,
  doc,
}: {
  namespace: string;
  name: string;
  key: Record<string, number>;
  doc: Doc;
}): CommandError {
  const values = Object.fromEntries(Object.keys(key).map((field) => [field, valuesAt(doc, field)[0] ?? null]));
  const shown = Object.entries(values).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
  return new CommandError(
    11000,
    "DuplicateKey",
    `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: { ${shown.join(", ")} }`,
    { keyPattern: key, keyValue: values },
  );
}

export function addEntry(index: Index, id: string, doc: Doc): void {
  for (const key of keysOf(index, doc)) {
    const holders = index.entries.get(key);
    if (holders) holders.add(id);
    else index.entries.set(key, new Set([id]));
  }
}

export function removeEntry(index: Index, id: string, doc: Doc): void {
  for (const key of keysOf(index, doc)) {
    const holders = index.entries.get(key);
    holders?.delete(id);
    if (holders?.size === 0) index.entries.delete(key);
  }
}
