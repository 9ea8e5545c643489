import { setImmediate as nextTurn } from "node:timers/promises";
import { deserialize } from "bson";
import { encodeError } from "../protocol/command-reply";
import { encode } from "../values/encode";
import { isDocument, keyOf, type BsonDocument, type BsonValue } from "../values/values";
import type { CommandContext } from "./command-handler";
import { runCommand } from "./run-command";
import { createStaleReads } from "./stale-reads";
import { isRetryable } from "./write-history";

/** The fields with the statements of the commands that may have several. */
const STATEMENTS: Record<string, string> = {
  insert: "documents",
  update: "updates",
  delete: "deletes",
};
const READS = new Set(["find", "count", "distinct", "aggregate"]);
const PAUSE_TURNS_MAX = 4;
/** Commands between two faults: at least this many, at most twice as many. */
const FAULT_EVERY = 60;

type CommandRunner = typeof runCommand;
type CommandFault = { code: number; codeName: string; isApplied: boolean };

const STEP_DOWN: CommandFault = { code: 10107, codeName: "NotWritablePrimary", isApplied: false };
/** What a replica set does when its primary steps down: the driver sends the command again once. */
const WRITE_FAULTS: CommandFault[] = [
  STEP_DOWN,
  { code: 262, codeName: "ExceededTimeLimit", isApplied: false },
  { code: 64, codeName: "WriteConcernFailed", isApplied: true },
];
const READ_FAULTS: CommandFault[] = WRITE_FAULTS.slice(0, 2);

/**
 * For tests: runs commands with no more order and atomicity than MongoDB gives. Other commands run between the statements of a
 * batch, an unordered batch runs in any order, and now and then a command fails with an error after which the driver repeats it.
 * When it fails because the primary stepped down, another client may read from the old primary for a moment. The choices follow from the seed and the order in which commands arrive.
 */
export function createInterleavedRunner(seed: number): CommandRunner {
  const random = randomNumbers(seed);
  const faultedSessions = new Set<string>();
  const staleReads = createStaleReads();
  const runningBatches = new Map<string, Promise<Uint8Array>>();
  let untilFault = FAULT_EVERY;
  let faultCount = 0;

  const pause = async () => {
    for (let turns = Math.floor(random() * PAUSE_TURNS_MAX); turns > 0; turns--) await nextTurn();
  };

  const faultOf = (
    name: string,
    command: BsonDocument,
    { connection, store }: CommandContext,
  ): CommandFault | null => {
    const faults = READS.has(name)
      ? READ_FAULTS
      : command.txnNumber === undefined
        ? []
        : WRITE_FAULTS;
    if (faults.length === 0) return null;
    if ((!READS.has(name) || isLinearizable(command)) && staleReads.end(connection))
      return STEP_DOWN;
    if (--untilFault > 0) return null;
    // The repetition of a command does not fail again: the driver would not repeat it a second time.
    const session = sessionOf(command);
    if (faultedSessions.has(session)) {
      faultedSessions.delete(session);
      return null;
    }
    faultedSessions.add(session);
    untilFault = FAULT_EVERY + Math.floor(random() * FAULT_EVERY);
    const fault = faults[faultCount++ % faults.length] ?? null;
    if (fault === STEP_DOWN) staleReads.begin(store, connection);
    return fault;
  };

  const runStatements = async (
    name: string,
    command: BsonDocument,
    context: CommandContext,
  ): Promise<Uint8Array> => {
    const field = STATEMENTS[name] as string;
    const order = [...(command[field] as BsonDocument[]).keys()];
    if (command.ordered === false) shuffle(order, random);
    const total: BsonDocument = { n: 0, ...(name === "update" ? { nModified: 0 } : {}) };
    for (const index of order) {
      const bytes = context.sequences.get(field)?.[index];
      const single = {
        ...command,
        [field]: [command[field][index] as BsonDocument],
        txnNumber: undefined,
      };
      const sequences = new Map(bytes ? [[field, [bytes]]] : []);
      const reply = deserialize(await runCommand(single, { ...context, sequences }));
      if (reply.ok !== 1) return encode(reply);
      addReply(total, reply, index);
      if (reply.writeErrors && command.ordered !== false) break;
      await pause();
    }
    return encode({ ...total, ok: 1 });
  };

  /** A batch that is sent again while it runs waits for its end, as MongoDB's sessions do. */
  const runBatch = async (
    name: string,
    command: BsonDocument,
    context: CommandContext,
  ): Promise<Uint8Array> => {
    if (!isRetryable(command)) return runStatements(name, command, context);
    const previous = context.history.find(command);
    if (previous) return previous;
    const id = `${sessionOf(command)} ${String(command.txnNumber)}`;
    const work = runningBatches.get(id) ?? runNewBatch(name, command, context);
    runningBatches.set(id, work);
    return work.finally(() => runningBatches.delete(id));
  };

  const runNewBatch = async (
    name: string,
    command: BsonDocument,
    context: CommandContext,
  ): Promise<Uint8Array> => {
    const reply = await runStatements(name, command, context);
    if (deserialize(reply).ok === 1) {
      context.history.keep(command, reply);
      await context.store.journal.committed();
    }
    return reply;
  };

  return async (command, context) => {
    const [name = ""] = Object.keys(command);
    staleReads.note(context.connection, command);
    await pause();
    const mayBeStale = READS.has(name) && !isLinearizable(command);
    const staleStore = mayBeStale ? staleReads.storeFor(context.connection) : null;
    if (staleStore) return runCommand(command, { ...context, store: staleStore });
    const fault = faultOf(name, command, context);
    if (fault && !fault.isApplied) return encodeError(errorOf(fault));
    const statements: BsonValue = command[STATEMENTS[name] ?? ""];
    const isBatch = Array.isArray(statements) && statements.length > 1;
    const reply = isBatch
      ? await runBatch(name, command, context)
      : await runCommand(command, context);
    await pause();
    if (!fault) return reply;
    const { errorLabels, ...writeConcernError } = errorOf(fault);
    return encode({
      ...deserialize(reply, { promoteValues: true }),
      writeConcernError,
      errorLabels: errorLabels as string[],
    });
  };
}

/** A deposed primary cannot serve such a read: it reaches no majority. */
const isLinearizable = ({ readConcern }: BsonDocument): boolean =>
  isDocument(readConcern) && readConcern.level === "linearizable";

const sessionOf = ({ lsid }: BsonDocument): string => keyOf((lsid as BsonDocument | undefined)?.id);

const errorOf = ({ code, codeName }: CommandFault): BsonDocument => ({
  code,
  codeName,
  errmsg: `${codeName} (interleaving)`,
  errorLabels: ["RetryableWriteError"],
});

function addReply(total: BsonDocument, reply: BsonDocument, index: number): void {
  total.n += reply.n as number;
  if (reply.nModified !== undefined) total.nModified += reply.nModified as number;
  for (const field of ["upserted", "writeErrors"] as const)
    for (const item of (reply[field] ?? []) as BsonDocument[])
      (total[field] ??= []).push({ ...item, index });
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const index = Math.floor(random() * (i + 1));
    const value = order[i] as number;
    order[i] = order[index] as number;
    order[index] = value;
  }
}

/** Numbers from 0 to 1: a linear congruential generator. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
