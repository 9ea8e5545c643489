import { COMMANDS, LONG, READS, REFUSED, WRITES } from "./command-table";
import type { CommandContext, InterruptibleHandler } from "./command-handler";
import { badValue, CommandError, notImplemented } from "../command-error";
import { encodeReply, encodeError } from "../protocol/command-reply";
import { isRetryable } from "./write-history";
import { isDocument, type BsonDocument } from "../values/values";

const RETRYABLE = new Set(["insert", "update", "delete", "findAndModify", "findandmodify"]);

/** Runs one command and gives its answer's BSON, once what it wrote is committed. Never throws: an error is an answer too. */
export async function runCommand(
  command: BsonDocument,
  context: CommandContext,
): Promise<Uint8Array> {
  const [name = ""] = Object.keys(command);
  const writes = WRITES.has(name);
  try {
    const long = LONG.get(name);
    if (long) return await runLong(long, command, context);
    const answer =
      RETRYABLE.has(name) && isRetryable(command)
        ? once(name, command, context)
        : run(name, command, context);
    if (writes) await settled(command, context);
    return answer;
  } catch (error) {
    // A write that failed half way through a batch may have written, and what it met may be as new: its error is told once
    // all of that is committed.
    const told = writes
      ? await context.store.journal.committed().then(() => error, asThrown)
      : error;
    return encodeError(fieldsOf(told));
  }
}

async function settled(command: BsonDocument, { store }: CommandContext): Promise<void> {
  await store.journal.committed();
  if (isDocument(command.writeConcern) && command.writeConcern.j === true)
    await store.journal.flushed();
}

const asThrown = (error: unknown): unknown => error;

function run(name: string, command: BsonDocument, context: CommandContext): Uint8Array {
  const handler = COMMANDS.get(name);
  if (!handler) {
    if (REFUSED.has(name)) throw notImplemented(name);
    throw new CommandError(59, "CommandNotFound", `no such command: '${name.slice(0, 60)}'`);
  }
  if (READS.has(name)) context.store.journal.check();
  const inTime = WRITES.has(name) ? null : timeLimit(command);
  const answer = encodeReply(handler(command, context));
  inTime?.();
  return answer;
}

async function runLong(
  handler: InterruptibleHandler,
  command: BsonDocument,
  context: CommandContext,
): Promise<Uint8Array> {
  context.store.journal.check();
  const inTime = timeLimit(command);
  const answer = encodeReply(await handler(command, context));
  inTime();
  return answer;
}

/**
 * `maxTimeMS`: a read that took longer is answered as MongoDB answers it, though it is not stopped on
 * its way. A write has no limit here: once it is made, an error would say that it was not. Gives what checks the time at the
 * end.
 */
function timeLimit({ maxTimeMS = 0 }: BsonDocument): () => void {
  if (typeof maxTimeMS !== "number" || !Number.isInteger(maxTimeMS) || maxTimeMS < 0)
    throw badValue("maxTimeMS has to be a whole number of milliseconds that is not negative");
  const startedAt = maxTimeMS > 0 ? performance.now() : 0;
  return () => {
    if (maxTimeMS > 0 && performance.now() - startedAt > maxTimeMS)
      throw new CommandError(50, "MaxTimeMSExpired", "operation exceeded time limit");
  };
}

function once(name: string, command: BsonDocument, context: CommandContext): Uint8Array {
  const before = context.answers.find(command);
  if (before) return before;
  const answer = run(name, command, context);
  context.answers.keep(command, answer);
  return answer;
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
