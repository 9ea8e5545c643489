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
import { checkKey, openJournal, type ChangeJournal, type JournalOptions } from "./change-journal";
import { buildList, type StoredDocument } from "./ordered-list";
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
  /** Replies of retryable writes as they were read from the directory, by their keys. */
  writeHistory: Map<string, Uint8Array>;
};

const READ = { promoteValues: true, promoteLongs: true, promoteBuffers: false } as const;
export const decode = (bytes: Uint8Array): BsonDocument => deserialize(bytes, READ);

const docKey = (namespace: string, id: string) => `d\u0000${namespace}\u0000${id}`;
const indexKey = (namespace: string, name: string) => `i\u0000${namespace}\u0000${name}`;
const collectionKey = (namespace: string) => `c\u0000${namespace}`;

const ID_INDEX: IndexSpec = { name: "_id_", key: { _id: 1 }, unique: true, v: 2 };

/** Opens a data directory: all documents and index definitions are read into memory. Throws DamagedDataError. */
export async function openStore(dir: string, options: JournalOptions = {}): Promise<DocumentStore> {
  const { journal, entries } = await openJournal(dir, options);
  const store: DocumentStore = {
    collections: new Map(),
    journal,
    nextNumber: 1,
    writeHistory: new Map(),
  };
  const specs: { namespace: string; spec: IndexSpec }[] = [];
  for (const [key, bytes] of entries) {
    if (key.startsWith("c\u0000")) ensure(store, key.slice(2));
    else if (key.startsWith("i\u0000"))
      specs.push({ namespace: namespaceIn(key), spec: decode(bytes) as IndexSpec });
    else if (key.startsWith("s\u0000")) store.writeHistory.set(key, bytes);
    else if (key.startsWith("d\u0000")) {
      const doc = decode(bytes);
      const stored: StoredDocument = { n: store.nextNumber++, place: key, doc, bytes };
      ensure(store, namespaceIn(key)).byId.set(orderKey(doc._id), stored);
    }
  }
  for (const collection of store.collections.values())
    for (const index of collection.indexes) fill(collection, index);
  for (const { namespace, spec } of specs) {
    const collection = ensure(store, namespace);
    const index = createIndex(spec);
    fill(collection, index);
    collection.indexes.push(index);
  }
  return store;
}

const namespaceIn = (key: string) => key.slice(2, key.indexOf("\u0000", 2));

function ensure(store: DocumentStore, namespace: string): StoredCollection {
  let collection = store.collections.get(namespace);
  if (!collection) {
    collection = { namespace, byId: new Map(), indexes: [createIndex(ID_INDEX)] };
    store.collections.set(namespace, collection);
  }
  return collection;
}

/** The collection of that name, created where there is none. */
export function collectionOf(store: DocumentStore, namespace: string): StoredCollection {
  const existing = store.collections.get(namespace);
  if (existing) return existing;
  checkKey(docKey(namespace, ""));
  store.journal.write(collectionKey(namespace), Buffer.alloc(1), () =>
    store.collections.delete(namespace),
  );
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
  store.journal.write(indexKey(collection.namespace, spec.name), encode(spec), () => {
    collection.indexes = collection.indexes.filter((each) => each !== index);
  });
  collection.indexes.push(index);
}

export function dropIndex(store: DocumentStore, collection: StoredCollection, name: string): void {
  const { indexes } = collection;
  store.journal.write(indexKey(collection.namespace, name), null, () => {
    // What was written meanwhile is not in its entries.
    for (const index of indexes) if (index.spec.name === name) fill(collection, index);
    collection.indexes = indexes;
  });
  collection.indexes = indexes.filter((index) => index.spec.name !== name);
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length > DOCUMENT_BYTES_MAX)
    throw new CommandError(
      10334,
      "BSONObjectTooLarge",
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${DOCUMENT_BYTES_MAX}`,
    );
}

/** Inserts a document. Checks everything first, so that a rejection changes nothing. */
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
  const stored: StoredDocument = { n: store.nextNumber++, place, doc, bytes };
  const id = (keys[0] as string[])[0] as string;
  store.journal.write(place, bytes, () => {
    for (const [i, index] of indexes.entries()) removeKeys(index, keys[i] ?? [], stored);
    byId.delete(id);
  });
  byId.set(id, stored);
  for (const [i, index] of indexes.entries()) addKeys(index, keys[i] ?? [], stored);
  return stored;
}

/** Replaces a document by a changed one. Only the indexes on changed fields are updated. */
export function updateDocument(
  store: DocumentStore,
  collection: StoredCollection,
  stored: StoredDocument,
  doc: BsonDocument,
): void {
  const bytes = encode(doc);
  checkSize(bytes);
  const { namespace, indexes } = collection;
  const moves: { index: CollectionIndex; removed: string[]; added: string[] }[] = [];
  for (const index of indexes) {
    if (!isTouched(index, stored.doc, doc)) continue;
    const keys = keysOf(index, doc);
    checkUnique({ index, namespace, keys, doc, self: stored });
    const previous = keysOf(index, stored.doc);
    const [previousKeys, newKeys] = [new Set(previous), new Set(keys)];
    moves.push({
      index,
      removed: previous.filter((key) => !newKeys.has(key)),
      added: keys.filter((key) => !previousKeys.has(key)),
    });
  }
  const previous = { doc: stored.doc, bytes: stored.bytes };
  store.journal.write(stored.place, bytes, () => {
    for (const { index, removed, added } of moves) {
      removeKeys(index, added, stored);
      addKeys(index, removed, stored);
    }
    Object.assign(stored, previous);
  });
  for (const { index, removed, added } of moves) {
    removeKeys(index, removed, stored);
    addKeys(index, added, stored);
  }
  stored.doc = doc;
  stored.bytes = bytes;
}

export function removeDocument(
  store: DocumentStore,
  collection: StoredCollection,
  stored: StoredDocument,
): void {
  const { indexes, byId } = collection;
  const keys = indexes.map((index) => keysOf(index, stored.doc));
  const id = orderKey(stored.doc._id);
  store.journal.write(stored.place, null, () => {
    for (const [i, index] of indexes.entries()) addKeys(index, keys[i] ?? [], stored);
    byId.set(id, stored);
  });
  for (const [i, index] of indexes.entries()) removeKeys(index, keys[i] ?? [], stored);
  byId.delete(id);
}

export function dropCollection(store: DocumentStore, collection: StoredCollection): void {
  const { namespace, byId, indexes } = collection;
  const nothing = () => {};
  for (const stored of byId.values()) store.journal.write(stored.place, null, nothing);
  for (const { spec } of indexes)
    store.journal.write(indexKey(namespace, spec.name), null, nothing);
  store.journal.write(collectionKey(namespace), null, () =>
    store.collections.set(namespace, collection),
  );
  store.collections.delete(namespace);
}
