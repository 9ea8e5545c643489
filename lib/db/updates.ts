import {
  MongoBulkWriteError,
  MongoServerError,
  type Collection,
  type Document,
  type Filter,
  type OptionalUnlessRequiredId,
  type UpdateFilter,
} from "mongodb";
import { directly } from "./client";

export { AnswerLost } from "./embedded/direct";

export type Update<T extends Document> = {
  filter: Filter<T>;
  update: UpdateFilter<T>;
  arrayFilters?: Document[];
};

/** The writes of a command that the server refused, by their places. */
export type Failed = Map<number, Error & { code: number }>;

/**
 * Runs updates of one document each, every one by itself whatever becomes of the others, in one command. A command tells how
 * many of its updates matched, not which. Throws when it is not known what was written; AnswerLost where reading may tell.
 */
export async function updateEach<T extends Document>(
  collection: Collection<T>,
  updates: Update<T>[],
): Promise<{ matched: number; failed: Failed }> {
  const direct = await directly();
  if (direct) {
    const { collectionName: update, dbName: $db } = collection;
    const statements = updates.map(({ filter: q, update: u, arrayFilters }) => ({ q, u, arrayFilters }));
    const answer = await direct.run({ update, updates: statements, ordered: false, $db });
    return { matched: Number(answer.n), failed: failedIn(answer) };
  }
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
    return { matched: error instanceof MongoBulkWriteError ? error.matchedCount : 0, failed: failedAlone(error) };
  }
}

/** Inserts documents, every one by itself whatever becomes of the others, in one command. Throws when it is not known what was written. */
export async function insertEach<T extends Document>(
  collection: Collection<T>,
  documents: OptionalUnlessRequiredId<T>[],
): Promise<Failed> {
  const direct = await directly();
  if (direct) {
    const { collectionName: insert, dbName: $db } = collection;
    return failedIn(await direct.run({ insert, documents, ordered: false, $db }));
  }
  try {
    await collection.insertMany(documents, { ordered: false });
    return new Map();
  } catch (error) {
    return failedAlone(error);
  }
}

type Refusal = { index: number; code: number; errmsg?: string | undefined };

const failedOf = (refusals: Refusal[]): Failed =>
  new Map(refusals.map(({ index, code, errmsg }) => [index, Object.assign(new Error(errmsg ?? "refused"), { code })]));

/** What a command's answer says of its writes; throws where the whole command was refused. */
function failedIn(answer: Document): Failed {
  if (answer.ok !== 1) throw new MongoServerError(answer);
  return failedOf((answer.writeErrors ?? []) as Refusal[]);
}

/** The writes of an unordered batch that failed by themselves; throws what the driver wraps when a whole batch fails. */
function failedAlone(error: unknown): Failed {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const refusals = error.err ? [] : [error.writeErrors].flat();
  // A connection that broke, a server that was not found.
  if (refusals.length === 0) throw error.errorResponse instanceof Error ? error.errorResponse : error;
  return failedOf(refusals);
}
