import { createIndex } from "./collection-index";
import { fill, type DocumentStore, type StoredCollection } from "./document-store";
import { RecentDocuments, StoredDocument } from "./stored-document";

/** Returns what builds a copy of a store as it is at this call, for reads only. Building waits for the first use. */
export function copyForReads(store: DocumentStore): () => DocumentStore {
  const contents = [...store.collections.values()].map(({ namespace, indexes, byId }) => ({
    namespace,
    specs: indexes.map(({ spec }) => spec),
    records: [...byId.values()].map(({ n, place, bytes }) => ({ n, place, bytes })),
  }));
  let copy: DocumentStore | null = null;
  return () => {
    if (copy) return copy;
    const collections = new Map<string, StoredCollection>();
    for (const { namespace, specs, records } of contents) {
      const collection = { namespace, byId: new Map(), indexes: specs.map(createIndex) };
      const documents = records.map(({ n, place, bytes }) => new StoredDocument(n, place, bytes));
      fill(collection, collection.indexes, documents);
      collections.set(namespace, collection);
    }
    return (copy = { ...store, collections, recent: new RecentDocuments() });
  };
}
