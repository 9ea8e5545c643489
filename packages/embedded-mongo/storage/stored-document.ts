import { deserialize } from "bson";
import type { BsonDocument } from "../values/values";

const READ = { promoteValues: true, promoteLongs: true, promoteBuffers: false } as const;
export const decode = (bytes: Uint8Array): BsonDocument => deserialize(bytes, READ);

/** Bytes of the recently written documents that are also in memory as objects: those take about four times as much. */
const RECENT_BYTES_MAX = 16 * 1024 * 1024;

/** A document in memory, as BSON; while it is among the recently written ones, also as an object. */
export class StoredDocument {
  /** The order of insertion. */
  readonly n: number;
  /** Its key in the data directory. */
  readonly place: string;
  bytes: Uint8Array;
  #object: BsonDocument | null = null;

  constructor(n: number, place: string, bytes: Uint8Array) {
    this.n = n;
    this.place = place;
    this.bytes = bytes;
  }

  /** Another object each time, unless the document is a recent one: read it once, and never change it. */
  get doc(): BsonDocument {
    return this.#object ?? decode(this.bytes);
  }

  /** The document as it is now, without decoding it. */
  get snapshot(): BsonDocument | Uint8Array {
    return this.#object ?? this.bytes;
  }

  replace(doc: BsonDocument | null, bytes: Uint8Array): void {
    this.#object = doc;
    this.bytes = bytes;
  }

  forget(): void {
    this.#object = null;
  }
}

export const documentOf = (snapshot: BsonDocument | Uint8Array): BsonDocument =>
  snapshot instanceof Uint8Array ? decode(snapshot) : snapshot;

/**
 * The documents that were written last, in two generations: once a newer one is full, what was not written since the one before
 * it is forgotten. One list by time of writing would be searched past its deleted entries for the oldest, with every write.
 */
export class RecentDocuments {
  #newer = new Map<StoredDocument, number>();
  #older = new Map<StoredDocument, number>();
  #newerBytes = 0;

  add(record: StoredDocument, doc: BsonDocument, bytes: Uint8Array): void {
    record.replace(doc, bytes);
    this.#newerBytes += bytes.length - (this.#newer.get(record) ?? 0);
    this.#newer.set(record, bytes.length);
    if (this.#newerBytes > RECENT_BYTES_MAX / 2) this.#beginGeneration();
  }

  remove(record: StoredDocument): void {
    this.#newerBytes -= this.#newer.get(record) ?? 0;
    this.#newer.delete(record);
    this.#older.delete(record);
  }

  #beginGeneration(): void {
    for (const record of this.#older.keys()) if (!this.#newer.has(record)) record.forget();
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#newerBytes = 0;
  }
}
