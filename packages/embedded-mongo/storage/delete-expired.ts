import { inverted, orderKey } from "../values/values";
import { scanList } from "./ordered-list";
import type { StoredDocument } from "./stored-document";
import { removeDocument, type DocumentStore } from "./document-store";

/** Deletions in one pass: other commands wait for it. */
const DELETES_MAX = 2_000;

/** Deletes the documents whose TTL has passed; returns how many. */
export function deleteExpired(store: DocumentStore, now = Date.now()): number {
  let deleteCount = 0;
  for (const collection of store.collections.values()) {
    for (const { spec, fields, entries } of collection.indexes) {
      if (spec.expireAfterSeconds === undefined || !fields[0]) continue;
      const lastKey = orderKey(new Date(now - spec.expireAfterSeconds * 1000));
      // Keys sort by type first: from the earliest date to the last expired one.
      const typeKey = lastKey.slice(0, 1);
      const [from, to] = fields[0].descending
        ? [inverted(lastKey), `${inverted(typeKey)}\uffff`]
        : [typeKey, `${lastKey}\uffff`];
      const expiredRecords = new Set<StoredDocument>();
      scanList(entries, { from, to, backward: false }, (record) => {
        expiredRecords.add(record);
        return deleteCount + expiredRecords.size >= DELETES_MAX;
      });
      for (const record of expiredRecords) removeDocument(store, collection, record);
      deleteCount += expiredRecords.size;
    }
  }
  return deleteCount;
}
