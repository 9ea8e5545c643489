import { MongoBulkWriteError, type Collection, type Document, type Filter, type UpdateFilter } from "mongodb";

export type Update<T extends Document> = {
  filter: Filter<T>;
  update: UpdateFilter<T>;
  arrayFilters?: Document[];
};

/**
 * Runs updates of one document each, every one by itself whatever becomes of the others, in one command. A command tells how
 * many of its updates matched, not which; `failed` are those that the server refused, by their places. Throws when it is not
 * known what was written.
 */
export async function updateEach<T extends Document>(
  collection: Collection<T>,
  updates: Update<T>[],
): Promise<{ matched: number; failed: Map<number, Error> }> {
  const [only] = updates;
  if (only && updates.length === 1) {
    const { filter, update, ...options } = only;
    return { matched: (await collection.updateOne(filter, update, options)).matchedCount, failed: new Map() };
  }
  try {
    const done = await collection.bulkWrite(
      updates.map((updateOne) => ({ updateOne })),
      { ordered: false },
    );
    return { matched: done.matchedCount, failed: new Map() };
  } catch (error) {
    const failed = failedAlone(error);
    if (!failed || !(error instanceof MongoBulkWriteError)) throw asThrown(error);
    return { matched: error.matchedCount, failed };
  }
}

/** What the driver wraps when a whole batch fails: a connection that broke, a server that was not found. */
export function asThrown(error: unknown): unknown {
  return error instanceof MongoBulkWriteError && error.errorResponse instanceof Error ? error.errorResponse : error;
}

/** The writes of an unordered batch that failed by themselves, by their places; null for a failure of the batch. */
export function failedAlone(error: unknown): Map<number, Error & { code: number }> | null {
  if (!(error instanceof MongoBulkWriteError) || error.err) return null;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0) return null;
  return new Map(
    errors.map(({ index, code, errmsg }) => [index, Object.assign(new Error(errmsg ?? "refused"), { code })]),
  );
}
