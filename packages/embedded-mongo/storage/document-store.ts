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
import { buildList } from "./ordered-list";
import { decode, RecentDocuments, StoredDocument } from "./stored-document";
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
  recent: RecentDocuments;
  /** Replies of retryable writes as they were read from the directory, by their keys. */
  writeHistory: Map<string, Uint8Array>;
};

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
    recent: new RecentDocuments(),
    writeHistory: new Map(),
  };
  const documents = new Map<StoredCollection, StoredDocument[]>();
  const specs: { namespace: string; spec: IndexSpec }[] = [];
  for (const [key, bytes] of entries) {
    if (key.startsWith("c\u0000")) ensure(store, key.slice(2));
    else if (key.startsWith("i\u0000"))
      specs.push({ namespace: namespaceIn(key), spec: decode(bytes) as IndexSpec });
    else if (key.startsWith("s\u0000")) store.writeHistory.set(key, bytes);
    else if (key.startsWith("d\u0000")) {
      const collection = ensure(store, namespaceIn(key));
      const record = new StoredDocument(store.nextNumber++, key, bytes);
      const collectionDocuments = documents.get(collection);
      if (collectionDocuments) collectionDocuments.push(record);
      else documents.set(collection, [record]);
    }
  }
  for (const { namespace, spec } of specs) ensure(store, namespace).indexes.push(createIndex(spec));
  for (const [collection, all] of documents) fill(collection, collection.indexes, all);
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

/** Fills indexes that are not yet in use. Throws E11000 where one is unique and two documents share a key. */
export function fill(
  collection: StoredCollection,
  indexes: CollectionIndex[],
  documents: Iterable<StoredDocument>,
): void {
  const entries = indexes.map((): { key: string; record: StoredDocument }[] => []);
  for (const record of documents) {
    const { doc } = record;
    for (const [i, index] of indexes.entries())
      for (const key of keysOf(index, doc)) {
        entries[i]?.push({ key, record });
        if (index.spec.name === "_id_") collection.byId.set(key, record);
      }
  }
  for (const [i, index] of indexes.entries()) {
    const list = entries[i] ?? [];
    index.entries = buildList(list);
    if (index.spec.unique) checkDistinct(collection, index, list);
  }
}

function checkDistinct(
  { namespace }: StoredCollection,
  index: CollectionIndex,
  entries: { key: string; record: StoredDocument }[],
): void {
  for (let i = 1; i < entries.length; i++) {
    const [previous, entry] = [entries[i - 1], entries[i]];
    if (previous && entry && previous.key === entry.key)
      throw duplicateOf({ index, namespace, key: entry.key, doc: entry.record.doc });
  }
}

export function addIndex(
  store: DocumentStore,
  collection: StoredCollection,
  spec: IndexSpec,
): void {
  const index = createIndex(spec);
  fill(collection, [index], collection.byId.values());
  checkKey(indexKey(collection.namespace, spec.name));
  store.journal.write(indexKey(collection.namespace, spec.name), encode(spec), () => {
    collection.indexes = collection.indexes.filter((candidate) => candidate !== index);
  });
  collection.indexes.push(index);
}

export function dropIndex(store: DocumentStore, collection: StoredCollection, name: string): void {
  const { indexes } = collection;
  store.journal.write(indexKey(collection.namespace, name), null, () => {
    // What was written meanwhile is not in its entries.
    for (const index of indexes)
      if (index.spec.name === name) fill(collection, [index], collection.byId.values());
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
  const record = new StoredDocument(store.nextNumber++, place, bytes);
  const id = (keys[0] as string[])[0] as string;
  store.journal.write(place, bytes, () => {
    for (const [i, index] of indexes.entries()) removeKeys(index, keys[i] ?? [], record);
    byId.delete(id);
    store.recent.remove(record);
  });
  store.recent.add(record, doc, bytes);
  byId.set(id, record);
  for (const [i, index] of indexes.entries()) addKeys(index, keys[i] ?? [], record);
  return record;
}

/** Replaces a document by its changed copy. Only the indexes on changed fields are updated. */
export function updateDocument(input: {
  store: DocumentStore;
  collection: StoredCollection;
  record: StoredDocument;
  before: BsonDocument;
  doc: BsonDocument;
}): void {
  const { store, collection, record, before, doc } = input;
  const bytes = encode(doc);
  checkSize(bytes);
  const { namespace, indexes } = collection;
  const moves: { index: CollectionIndex; removedKeys: string[]; addedKeys: string[] }[] = [];
  for (const index of indexes) {
    if (!isTouched(index, before, doc)) continue;
    const keys = keysOf(index, doc);
    checkUnique({ index, namespace, keys, doc, self: record });
    const previous = keysOf(index, before);
    const [previousKeys, newKeys] = [new Set(previous), new Set(keys)];
    moves.push({
      index,
      removedKeys: previous.filter((key) => !newKeys.has(key)),
      addedKeys: keys.filter((key) => !previousKeys.has(key)),
    });
  }
  const previousBytes = record.bytes;
  store.journal.write(record.place, bytes, () => {
    for (const { index, removedKeys, addedKeys } of moves) {
      removeKeys(index, addedKeys, record);
      addKeys(index, removedKeys, record);
    }
    store.recent.add(record, before, previousBytes);
  });
  for (const { index, removedKeys, addedKeys } of moves) {
    removeKeys(index, removedKeys, record);
    addKeys(index, addedKeys, record);
  }
  store.recent.add(record, doc, bytes);
}

export function removeDocument(
  store: DocumentStore,
  collection: StoredCollection,
  record: StoredDocument,
): void {
  const { indexes, byId } = collection;
  const { doc } = record;
  const keys = indexes.map((index) => keysOf(index, doc));
  const id = orderKey(doc._id);
  store.journal.write(record.place, null, () => {
    for (const [i, index] of indexes.entries()) addKeys(index, keys[i] ?? [], record);
    byId.set(id, record);
  });
  for (const [i, index] of indexes.entries()) removeKeys(index, keys[i] ?? [], record);
  byId.delete(id);
  store.recent.remove(record);
}

export function dropCollection(store: DocumentStore, collection: StoredCollection): void {
  const { namespace, byId, indexes } = collection;
  const nothing = () => {};
  for (const record of byId.values()) store.journal.write(record.place, null, nothing);
  for (const { spec } of indexes)
    store.journal.write(indexKey(namespace, spec.name), null, nothing);
  store.journal.write(collectionKey(namespace), null, () =>
    store.collections.set(namespace, collection),
  );
  store.collections.delete(namespace);
}
