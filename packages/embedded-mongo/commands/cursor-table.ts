import { CommandError } from "../command-error";
import type { CursorBatch } from "../protocol/command-reply";

/** The rest of a result, encoded as it is fetched. */
type ResultCursor = {
  namespace: string;
  count: number;
  at: number;
  usedAt: number;
  document: (i: number) => Uint8Array;
};
export type CursorTable = ReturnType<typeof createCursorTable>;

const FIRST_BATCH = 101;
const BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 600_000;

/** The cursors of a server. A result is a snapshot: later writes do not change what is fetched. */
export function createCursorTable() {
  const open = new Map<number, ResultCursor>();
  let nextId = 1;

  const take = (cursor: ResultCursor, maximum: number): Uint8Array[] => {
    const documents: Uint8Array[] = [];
    let bytes = 0;
    while (cursor.at < cursor.count && documents.length < maximum) {
      const next = cursor.document(cursor.at);
      bytes += next.length;
      if (documents.length > 0 && bytes > BATCH_BYTES) break;
      documents.push(next);
      cursor.at++;
    }
    return documents;
  };

  const first = (input: {
    namespace: string;
    count: number;
    document: (i: number) => Uint8Array;
    batchSize: number | undefined;
    single: boolean;
  }): CursorBatch => {
    const { namespace, count, document, batchSize, single } = input;
    const cursor: ResultCursor = { namespace, count, document, at: 0, usedAt: performance.now() };
    const documents = take(cursor, batchSize ?? FIRST_BATCH);
    const cursorId = single || cursor.at >= count ? 0 : nextId++;
    if (cursorId !== 0) open.set(cursorId, cursor);
    return { name: "firstBatch", documents, cursorId, namespace };
  };

  const next = (id: number, namespace: string, batchSize: number): CursorBatch => {
    const cursor = open.get(id);
    if (!cursor) throw new CommandError(43, "CursorNotFound", `cursor id ${id} not found`);
    if (cursor.namespace !== namespace)
      throw new CommandError(
        13,
        "Unauthorized",
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace`,
      );
    cursor.usedAt = performance.now();
    const documents = take(cursor, batchSize || Infinity);
    const isDone = cursor.at >= cursor.count;
    if (isDone) open.delete(id);
    return { name: "nextBatch", documents, cursorId: isDone ? 0 : id, namespace: cursor.namespace };
  };

  const closeIdle = (now = performance.now()) => {
    for (const [id, cursor] of open) if (now - cursor.usedAt > IDLE_MS) open.delete(id);
  };

  return { first, next, kill: (id: number) => open.delete(id), closeIdle };
}
