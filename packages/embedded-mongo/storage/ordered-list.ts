import type { StoredDocument } from "./stored-document";

/** Entries sorted by key, then by the order of insertion. */
export type OrderedList = { chunks: ListChunk[] };
type ListChunk = { keys: string[]; docs: StoredDocument[] };

// Small enough that an insertion moves little, large enough that a million entries are ten thousand chunks.
const CHUNK_MAX = 128;

export const createList = (): OrderedList => ({ chunks: [] });

/** Builds a list of many entries, for an index over existing documents. */
export function buildList(entries: { key: string; record: StoredDocument }[]): OrderedList {
  entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.record.n - b.record.n));
  const list = createList();
  const size = (CHUNK_MAX * 3) / 4;
  for (let at = 0; at < entries.length; at += size) {
    const part = entries.slice(at, at + size);
    list.chunks.push({
      keys: part.map((entry) => entry.key),
      docs: part.map((entry) => entry.record),
    });
  }
  return list;
}

/** The first position whose entry is at or after (key, n). */
function placeOf(list: OrderedList, key: string, n: number): [chunk: number, at: number] {
  const { chunks } = list;
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const chunk = chunks[middle] as ListChunk;
    if (isBefore(chunk, chunk.keys.length - 1, key, n)) low = middle + 1;
    else high = middle;
  }
  const chunk = chunks[low];
  if (!chunk) return [low, 0];
  let from = 0;
  let to = chunk.keys.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBefore(chunk, middle, key, n)) from = middle + 1;
    else to = middle;
  }
  return [low, from];
}

function isBefore(chunk: ListChunk, at: number, key: string, n: number): boolean {
  const chunkKey = chunk.keys[at] as string;
  return chunkKey < key || (chunkKey === key && (chunk.docs[at] as StoredDocument).n < n);
}

export function addToList(list: OrderedList, key: string, record: StoredDocument): void {
  const { chunks } = list;
  let [where, at] = placeOf(list, key, record.n);
  if (where === chunks.length) {
    if (where === 0) {
      chunks.push({ keys: [key], docs: [record] });
      return;
    }
    where -= 1;
    at = (chunks[where] as ListChunk).keys.length;
  }
  const chunk = chunks[where] as ListChunk;
  if (at === chunk.keys.length) {
    chunk.keys.push(key);
    chunk.docs.push(record);
  } else {
    chunk.keys.splice(at, 0, key);
    chunk.docs.splice(at, 0, record);
  }
  if (chunk.keys.length <= CHUNK_MAX) return;
  // Entries added in order fill their chunk before the next one.
  const cut = at === chunk.keys.length - 1 ? at : CHUNK_MAX >>> 1;
  chunks.splice(where + 1, 0, { keys: chunk.keys.splice(cut), docs: chunk.docs.splice(cut) });
}

export function removeFromList(list: OrderedList, key: string, record: StoredDocument): void {
  const [where, at] = placeOf(list, key, record.n);
  const chunk = list.chunks[where];
  if (!chunk || chunk.docs[at] !== record || chunk.keys[at] !== key) return;
  chunk.keys.splice(at, 1);
  chunk.docs.splice(at, 1);
  if (chunk.keys.length === 0) list.chunks.splice(where, 1);
}

/** The first document with exactly this key. */
export function firstWith(list: OrderedList, key: string): StoredDocument | undefined {
  const [where, at] = placeOf(list, key, -1);
  const chunk = list.chunks[where];
  return chunk?.keys[at] === key ? chunk.docs[at] : undefined;
}

/** Visits the documents with keys in [from, to), in either direction, until a visit returns true. */
export function scanList(
  list: OrderedList,
  range: { from: string; to: string; backward: boolean },
  visit: (record: StoredDocument) => boolean,
): void {
  const { from, to, backward } = range;
  const { chunks } = list;
  if (!backward) {
    let [where, at] = placeOf(list, from, -1);
    for (; where < chunks.length; where++, at = 0) {
      const { keys, docs } = chunks[where] as ListChunk;
      for (; at < keys.length; at++)
        if ((keys[at] as string) >= to || visit(docs[at] as StoredDocument)) return;
    }
    return;
  }
  let [where, at] = placeOf(list, to, -1);
  for (at -= 1; where >= 0; where--, at = (chunks[where]?.keys.length ?? 0) - 1) {
    const chunk = chunks[where];
    if (!chunk) continue;
    for (; at >= 0; at--)
      if ((chunk.keys[at] as string) < from || visit(chunk.docs[at] as StoredDocument)) return;
  }
}
