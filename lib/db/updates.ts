import {
  MongoBulkWriteError,
  MongoServerError,
  type Document,
  type Filter,
  type OptionalUnlessRequiredId,
  type UpdateFilter,
} from "mongodb";
import { directly, EMBEDDED } from "./client";
import { collection } from "./collection";

export { ResponseLostError } from "@onekey/embedded-mongo/client";

/** Marks writes that begin new work: the embedded database rejects them first when its memory fills up. */
export const DEFERRABLE = "deferrable";

const IN_LOG = { j: false };

/** When a write may be acknowledged, in addition to what MongoDB requires. */
export type WriteOptions = {
  comment?: typeof DEFERRABLE;
  /**
   * False for a write that need not outlive a power cut of the machine that the embedded database and its clients run on: it is
   * acknowledged once a killed process cannot lose it, and is on the disk before any later write that waits for the disk.
   */
  waitsForDisk?: boolean;
};

export type DocumentUpdate<T extends Document> = {
  filter: Filter<T>;
  update: UpdateFilter<T>;
  arrayFilters?: Document[];
};

/** The writes of a command that the server refused, by their places. */
export type FailedUpdates = Map<number, Error & { code: number }>;

/**
 * Runs updates of one document each in the collection of that name, each independent of the others, in one
 * command. A command reports how many of its updates matched, not which. Throws when it is not known what was written; ResponseLostError
 * where reading may find out.
 */
export async function updateEach<T extends Document>(
  name: string,
  updates: DocumentUpdate<T>[],
  { comment, waitsForDisk = true }: WriteOptions = {},
): Promise<{ matched: number; failed: FailedUpdates }> {
  const direct = await directly();
  if (direct) {
    const statements = updates.map(({ filter: q, update: u, arrayFilters }) => ({
      q,
      u,
      arrayFilters,
    }));
    const answer = await direct.run({
      update: name,
      updates: statements,
      ordered: false,
      comment,
      writeConcern: waitsForDisk ? undefined : IN_LOG,
      $db: EMBEDDED,
    });
    return { matched: Number(answer.n), failed: failedIn(answer) };
  }
  const all = collection<T>(name);
  const [only] = updates;
  if (only && updates.length === 1) {
    const { filter, update, ...options } = only;
    return {
      matched: (await all.updateOne(filter, update, { ...options, comment })).matchedCount,
      failed: new Map(),
    };
  }
  try {
    const result = await all.bulkWrite(
      updates.map((updateOne) => ({ updateOne })),
      { ordered: false, comment },
    );
    return { matched: result.matchedCount, failed: new Map() };
  } catch (error) {
    return {
      matched: error instanceof MongoBulkWriteError ? error.matchedCount : 0,
      failed: refusalsOf(error),
    };
  }
}

/** Inserts documents, each independent of the others, in one command. Throws when it is not known what was written. */
export async function insertEach<T extends Document>(
  name: string,
  documents: OptionalUnlessRequiredId<T>[],
  { waitsForDisk = true }: WriteOptions = {},
): Promise<FailedUpdates> {
  const direct = await directly();
  if (direct) {
    const writeConcern = waitsForDisk ? undefined : IN_LOG;
    const command = { insert: name, ordered: false, writeConcern, $db: EMBEDDED };
    return failedIn(await direct.run(command, documents));
  }
  try {
    await collection<T>(name).insertMany(documents, { ordered: false });
    return new Map();
  } catch (error) {
    return refusalsOf(error);
  }
}

type UpdateRefusal = { index: number; code: number; errmsg?: string | undefined };

const failedOf = (refusals: UpdateRefusal[]): FailedUpdates =>
  new Map(
    refusals.map(({ index, code, errmsg }) => [
      index,
      Object.assign(new Error(errmsg ?? "refused"), { code }),
    ]),
  );

/** What a command's reply says of its writes; throws where the entire command was refused. */
function failedIn(answer: Document): FailedUpdates {
  if (answer.ok !== 1) throw new MongoServerError(answer);
  return failedOf((answer.writeErrors ?? []) as UpdateRefusal[]);
}

/** The writes of an unordered batch that failed; throws what the driver wraps when the entire batch fails. */
function refusalsOf(error: unknown): FailedUpdates {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const refusals = error.err ? [] : [error.writeErrors].flat();
  // A connection that broke, a server that was not found.
  if (refusals.length === 0)
    throw error.errorResponse instanceof Error ? error.errorResponse : error;
  return failedOf(refusals);
}
