import { calculateObjectSize, deserialize, serialize } from "bson";
import { open, type RootDatabase } from "lmdb";
import { CommandError } from "./errors";
import {
  addEntry,
  checkUnique,
  createIndex,
  duplicate,
  keysOf,
  removeEntry,
  type Index,
  type IndexSpec,
} from "./indexes";
import { pinned } from "./filters";
import { keyOf, type Doc } from "./values";

export const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
export type Stored = {
  collections: Map<string, Collection>;
  database: RootDatabase<Buffer, string>;
  settled: () => Promise<unknown>;
  write: (key: string, value: Buffer | null) => void;
};
export type Collection = { namespace: string; docs: Map<string, Doc>; indexes: Index[]; firsts: Map<string, Index> };

const READ = { promoteValues: true, promoteLongs: true, promoteBuffers: false } as const;
export const decode = (bytes: Uint8Array): Doc => deserialize(bytes, READ);
export const encode = (doc: Doc): Buffer => Buffer.from(serialize(doc, { ignoreUndefined: true }));

/** LMDB keys are short: a long `_id` is kept by its place in a counter instead. */
const docKey = (namespace: string, id: string) => `d\u0000${namespace}\u0000${id}`;
const specKey = (namespace: string, name: string) => `i\u0000${namespace}\u0000${name}`;
const KEY_BYTES_MAX = 1_900;

/** Opens the data directory: all documents and index definitions are read into memory. */
export function openStore(dir: string): Stored {
  const database = open<Buffer, string>({
    path: `${dir}/database.mdb`,
    encoding: "binary",
    compression: false,
    keyEncoding: "utf-8" as never,
    mapSize: 64 * 1024 ** 3,
  });
  let last: Promise<unknown> = Promise.resolve();
  const stored: Stored = {
    collections: new Map(),
    database,
    settled: () => last,
    write: (key, value) => {
      if (Buffer.byteLength(key) > KEY_BYTES_MAX)
        throw new CommandError(17280, "KeyTooLong", "An _id of the embedded database is at most 1,900 bytes.");
      last = value === null ? database.remove(key) : database.put(key, value);
    },
  };
  for (const { key, value } of database.getRange({ start: "d\u0000", end: "d\u0001" })) {
    const [, namespace = "", id = ""] = splitKey(key);
    collectionOf(stored, namespace).docs.set(id, decode(value));
  }
  for (const { key, value } of database.getRange({ start: "i\u0000", end: "i\u0001" })) {
    const [, namespace = ""] = splitKey(key);
    attachIndex(collectionOf(stored, namespace), decode(value) as IndexSpec);
  }
  return stored;
}

function splitKey(key: string): [string, string, string] {
  const first = key.indexOf("\u0000");
  const second = key.indexOf("\u0000", first + 1);
  return [key.slice(0, first), key.slice(first + 1, second), key.slice(second + 1)];
}

export function collectionOf(stored: Stored, namespace: string): Collection {
  let found = stored.collections.get(namespace);
  if (!found)
    stored.collections.set(namespace, (found = { namespace, docs: new Map(), indexes: [], firsts: new Map() }));
  return found;
}

export const idIndex: IndexSpec = { name: "_id_", key: { _id: 1 }, v: 2 };

function attachIndex(collection: Collection, spec: IndexSpec): void {
  const index = createIndex(spec);
  for (const [id, doc] of collection.docs) {
    checkUnique({ index, namespace: collection.namespace, id, doc });
    addEntry(index, id, doc);
  }
  collection.indexes.push(index);
  const [first = ""] = index.fields;
  // A companion on the first field alone finds candidates by equality, whatever the index itself leaves out.
  if (!collection.firsts.has(first)) {
    const companion = createIndex({ name: first, key: { [first]: 1 }, v: 2 });
    for (const [id, doc] of collection.docs) addEntry(companion, id, doc);
    collection.firsts.set(first, companion);
  }
}

export function addIndex(stored: Stored, namespace: string, spec: IndexSpec): boolean {
  const collection = collectionOf(stored, namespace);
  if (spec.name === "_id_" || collection.indexes.some((index) => index.spec.name === spec.name)) return false;
  attachIndex(collection, spec);
  stored.write(specKey(namespace, spec.name), encode(spec));
  return true;
}

export function dropIndex(stored: Stored, namespace: string, name: string): void {
  const collection = collectionOf(stored, namespace);
  collection.indexes = collection.indexes.filter((index) => index.spec.name !== name);
  stored.write(specKey(namespace, name), null);
}

/** Puts a document, new or changed; `before` is what it replaces. Checks first, so that a refusal changes nothing. */
export function putDocument(stored: Stored, collection: Collection, doc: Doc, before?: Doc): void {
  const id = keyOf(doc._id);
  if (calculateObjectSize(doc) > DOCUMENT_BYTES_MAX)
    throw new CommandError(10334, "BSONObjectTooLarge", "The document is larger than 16 MB.");
  if (!before && collection.docs.has(id))
    throw duplicate({ namespace: collection.namespace, name: "_id_", key: { _id: 1 }, doc });
  for (const index of collection.indexes) checkUnique({ index, namespace: collection.namespace, id, doc });
  stored.write(docKey(collection.namespace, id), encode(doc));
  collection.docs.set(id, doc);
  for (const index of [...collection.indexes, ...collection.firsts.values()]) {
    if (before) {
      const [old, fresh] = [keysOf(index, before), keysOf(index, doc)];
      if (old.size === fresh.size && [...old].every((key) => fresh.has(key))) continue;
      removeEntry(index, id, before);
    }
    addEntry(index, id, doc);
  }
}

export function removeDocument(stored: Stored, collection: Collection, doc: Doc): void {
  const id = keyOf(doc._id);
  stored.write(docKey(collection.namespace, id), null);
  collection.docs.delete(id);
  for (const index of [...collection.indexes, ...collection.firsts.values()]) removeEntry(index, id, doc);
}

export function dropCollection(stored: Stored, namespace: string): boolean {
  const collection = stored.collections.get(namespace);
  if (!collection) return false;
  for (const id of collection.docs.keys()) stored.write(docKey(namespace, id), null);
  for (const index of collection.indexes) stored.write(specKey(namespace, index.spec.name), null);
  return stored.collections.delete(namespace);
}

/** The documents that can match: by `_id`, else by an index whose first field the filter pins, else all. */
export function* candidates(collection: Collection, filter: Doc): Generator<Doc> {
  const ids = pinned(filter, "_id");
  if (ids) {
    for (const key of new Set(ids.map(keyOf))) {
      const doc = collection.docs.get(key);
      if (doc) yield doc;
    }
    return;
  }
  for (const [field, index] of collection.firsts) {
    const values = pinned(filter, field);
    if (!values) continue;
    const seen = new Set<string>();
    for (const value of values) for (const id of index.entries.get(keyOf(value)) ?? []) seen.add(id);
    for (const id of seen) {
      const doc = collection.docs.get(id);
      if (doc) yield doc;
    }
    return;
  }
  yield* collection.docs.values();
}
