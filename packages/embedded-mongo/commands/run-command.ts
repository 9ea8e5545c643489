import { COMMANDS, INTERRUPTIBLE, READS, UNSUPPORTED, WRITES } from "./command-table";
import type { CommandContext, InterruptibleHandler } from "./command-handler";
import { checkMemory } from "./check-memory";
import { badValue, CommandError, notImplemented } from "../command-error";
import { checkNumbers } from "../values/check-numbers";
import { encodeReply, encodeError } from "../protocol/command-reply";
import { isRetryable } from "./write-history";
import { isDocument, type BsonDocument } from "../values/values";

/** Fields that hold documents to be stored, or values for them. */
const WRITTEN_FIELDS = new Set(["documents", "updates", "update"]);
const RETRYABLE = new Set(["insert", "update", "delete", "findAndModify", "findandmodify"]);

/** Runs one command and returns its reply's BSON, after its changes are committed. Never throws: an error is a reply too. */
export async function runCommand(
  command: BsonDocument,
  context: CommandContext,
): Promise<Uint8Array> {
  const [name = ""] = Object.keys(command);
  const writes = WRITES.has(name);
  try {
    const long = INTERRUPTIBLE.get(name);
    if (long) return await runLong(long, command, context);
    const reply =
      RETRYABLE.has(name) && isRetryable(command)
        ? runOnce(name, command, context)
        : run(name, command, context);
    if (writes) await settled(command, context);
    return reply;
  } catch (error) {
    // A batch that failed half way may have written, and what it met may be as new: the error waits for the commit of both.
    const writeErrors = writes
      ? await context.store.journal.committed().then(() => error, asThrown)
      : error;
    return encodeError(fieldsOf(writeErrors));
  }
}

/** Waits as the write concern says: `j: true` for the disk, `j: false` for the log only, nothing for what `sync` says. */
function settled({ writeConcern }: BsonDocument, { store }: CommandContext): Promise<void> {
  const isJournaled = isDocument(writeConcern) ? writeConcern.j : undefined;
  if (isJournaled === true) return store.journal.flushed();
  return isJournaled === false ? store.journal.appended() : store.journal.committed();
}

const asThrown = (error: unknown): unknown => error;

function run(name: string, command: BsonDocument, context: CommandContext): Uint8Array {
  const handler = COMMANDS.get(name);
  if (!handler) {
    if (UNSUPPORTED.has(name)) throw notImplemented(name);
    throw new CommandError(59, "CommandNotFound", `no such command: '${name.slice(0, 60)}'`);
  }
  if (READS.has(name)) context.store.journal.check();
  if (WRITES.has(name)) checkMemory(name, command, context);
  if (RETRYABLE.has(name)) {
    checkNumbers(context.body, WRITTEN_FIELDS);
    for (const documents of context.sequences.values())
      for (const doc of documents) checkNumbers(doc);
  }
  const checkTime = WRITES.has(name) ? null : timeLimit(command);
  const reply = encodeReply(handler(command, context));
  checkTime?.();
  return reply;
}

async function runLong(
  handler: InterruptibleHandler,
  command: BsonDocument,
  context: CommandContext,
): Promise<Uint8Array> {
  context.store.journal.check();
  const checkTime = timeLimit(command);
  const reply = encodeReply(await handler(command, context));
  checkTime();
  return reply;
}

/**
 * `maxTimeMS`: a read that took longer gets MongoDB's error, although it was not stopped. A write has no limit: once it is
 * applied, an error would be wrong. Returns the check to make at the end.
 */
function timeLimit({ maxTimeMS = 0 }: BsonDocument): () => void {
  if (typeof maxTimeMS !== "number" || !Number.isInteger(maxTimeMS) || maxTimeMS < 0)
    throw badValue("maxTimeMS has to be an integer number of milliseconds of at least 0");
  const startedAt = maxTimeMS > 0 ? performance.now() : 0;
  return () => {
    if (maxTimeMS > 0 && performance.now() - startedAt > maxTimeMS)
      throw new CommandError(50, "MaxTimeMSExpired", "operation exceeded time limit");
  };
}

function runOnce(name: string, command: BsonDocument, context: CommandContext): Uint8Array {
  const previous = context.history.find(command);
  if (previous) return previous;
  const reply = run(name, command, context);
  context.history.keep(command, reply);
  return reply;
}

function fieldsOf(error: unknown): BsonDocument {
  if (error instanceof CommandError) {
    const { code, codeName, message, extra } = error;
    return { errmsg: message, code, codeName, ...extra };
  }
  return {
    errmsg: error instanceof Error ? error.message : "failed",
    code: 8,
    codeName: "UnknownError",
  };
}
