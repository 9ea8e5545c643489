import { deserialize } from "bson";
import { encode } from "../values/encode";
import { CommandError } from "../command-error";
import {
  addKeys,
  checkUnique,
  createIndex,
  duplicateOf,
  isTouched,
  keysOf,
  removeKeys,
  type CollectionIndex,
  type IndexSpec,
} from "./collection-index";
import { checkKey, openJournal, type ChangeJournal } from "./change-journal";
import { addToList, buildList, type StoredDocument } from "./ordered-list";
import { keyOf, orderKey, type BsonDocument } from "../values/values";

export const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

export type StoredCollection = {
  namespace: string;
  byId: Map<string, StoredDocument>;
  indexes: CollectionIndex[];
};
export type DocumentStore = {
  collections: Map<string, StoredCollection>;
  journal: ChangeJournal;
  nextNumber: number;
};

const READ = { promoteValues: true, promoteLongs: true, promoteBuffers: false } as const;
export const decode = (bytes: Uint8Array): BsonDocument => deserialize(bytes, READ);

const docKey = (namespace: string, id: string) => `d\u0000${namespace}\u0000${id}`;
const indexKey = (namespace: string, name: string) => `i\u0000${namespace}\u0000${name}`;
const collectionKey = (namespace: string) => `c\u0000${namespace}`;

const ID_INDEX: IndexSpec = { name: "_id_", key: { _id: 1 }, unique: true, v: 2 };

/** Opens the data directory: all documents and index definitions are read into memory. */
export function openStore(dir: string): DocumentStore {
  const journal = openJournal(dir);
  const store: DocumentStore = { collections: new Map(), journal, nextNumber: 1 };
  for (const { key } of journal.entries("c")) ensure(store, key.slice(2));
  for (const { key, value } of journal.entries("d")) {
    const collection = ensure(store, namespaceIn(key));
    const bytes = Uint8Array.from(value);
    const doc = decode(bytes);
    collection.byId.set(orderKey(doc._id), { n: store.nextNumber++, place: key, doc, bytes });
  }
  for (const collection of store.collections.values())
    for (const index of collection.indexes) fill(collection, index);
  for (const { key, value } of journal.entries("i")) {
    const collection = ensure(store, namespaceIn(key));
    const index = createIndex(decode(value) as IndexSpec);
    fill(collection, index);
    collection.indexes.push(index);
  }
  return store;
}

const namespaceIn = (key: string) => key.slice(2, key.indexOf("\u0000", 2));

function ensure(store: DocumentStore, namespace: string): StoredCollection {
  let found = store.collections.get(namespace);
  if (!found) {
    found = { namespace, byId: new Map(), indexes: [createIndex(ID_INDEX)] };
    store.collections.set(namespace, found);
  }
  return found;
}

/** The collection of that name, made when it is new. */
export function collectionOf(store: DocumentStore, namespace: string): StoredCollection {
  const found = store.collections.get(namespace);
  if (found) return found;
  checkKey(docKey(namespace, ""));
  store.journal.write(collectionKey(namespace), Buffer.alloc(1));
  return ensure(store, namespace);
}

/** Fills an index that is not yet in use; throws E11000 where it is unique and two documents share a key. */
function fill(collection: StoredCollection, index: CollectionIndex): void {
  const entries = [];
  for (const stored of collection.byId.values())
    for (const key of keysOf(index, stored.doc)) entries.push({ key, stored });
  index.entries = buildList(entries);
  if (!index.spec.unique) return;
  for (let i = 1; i < entries.length; i++) {
    const [before, entry] = [entries[i - 1], entries[i]];
    if (before && entry && before.key === entry.key)
      throw duplicateOf({
        index,
        namespace: collection.namespace,
        key: entry.key,
        doc: entry.stored.doc,
      });
  }
}

export function addIndex(
  store: DocumentStore,
  collection: StoredCollection,
  spec: IndexSpec,
): void {
  const index = createIndex(spec);
  fill(collection, index);
  checkKey(indexKey(collection.namespace, spec.name));
  store.journal.write(indexKey(collection.namespace, spec.name), encode(spec));
  collection.indexes.push(index);
}

export function dropIndex(store: DocumentStore, collection: StoredCollection, name: string): void {
  store.journal.write(indexKey(collection.namespace, name), null);
  collection.indexes = collection.indexes.filter((index) => index.spec.name !== name);
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length > DOCUMENT_BYTES_MAX)
    throw new CommandError(
      10334,
      "BSONObjectTooLarge",
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${DOCUMENT_BYTES_MAX}`,
    );
}

/** Puts a new document. Checks first, so that a refusal changes nothing. */
export function insertDocument(
  store: DocumentStore,
  collection: StoredCollection,
  doc: BsonDocument,
  bytes = encode(doc),
): StoredDocument {
  checkSize(bytes);
  const { namespace, indexes, byId } = collection;
  const place = docKey(namespace, keyOf(doc._id));
  checkKey(place);
  const keys = indexes.map((index) => keysOf(index, doc));
  for (const [i, index] of indexes.entries())
    checkUnique({ index, namespace, keys: keys[i] ?? [], doc });
  store.journal.write(place, bytes);
  const stored: StoredDocument = { n: store.nextNumber++, place, doc, bytes };
  byId.set((keys[0] as string[])[0] as string, stored);
  for (const [i, index] of indexes.entries())
    for (const key of keys[i] ?? []) addToList(index.entries, key, stored);
  return stored;
}

/** Puts a changed document in the place of the one it was made from. Only indexes on what changed are looked at. */
export function updateDocument(
  store: DocumentStore,
  collection: StoredCollection,
  stored: StoredDocument,
  doc: BsonDocument,
): void {
  const bytes = encode(doc);
  checkSize(bytes);
  const { namespace, indexes } = collection;
  const touched = [];
  for (const index of indexes) {
    if (!isTouched(index, stored.doc, doc)) continue;
    const keys = keysOf(index, doc);
    checkUnique({ index, namespace, keys, doc, self: stored });
    touched.push({ index, keys, before: keysOf(index, stored.doc) });
  }
  store.journal.write(stored.place, bytes);
  for (const { index, keys, before } of touched) {
    const [old, fresh] = [new Set(before), new Set(keys)];
    removeKeys(
      index,
      before.filter((key) => !fresh.has(key)),
      stored,
    );
    addKeys(
      index,
      keys.filter((key) => !old.has(key)),
      stored,
    );
  }
  stored.doc = doc;
  stored.bytes = bytes;
}

export function removeDocument(
  store: DocumentStore,
  collection: StoredCollection,
  stored: StoredDocument,
): void {
  store.journal.write(stored.place, null);
  for (const index of collection.indexes) removeKeys(index, keysOf(index, stored.doc), stored);
  collection.byId.delete(orderKey(stored.doc._id));
}

export function dropCollection(store: DocumentStore, collection: StoredCollection): void {
  for (const stored of collection.byId.values()) store.journal.write(stored.place, null);
  for (const { spec } of collection.indexes)
    store.journal.write(indexKey(collection.namespace, spec.name), null);
  store.journal.write(collectionKey(collection.namespace), null);
  store.collections.delete(collection.namespace);
}
