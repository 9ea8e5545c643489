import { COMMANDS, REFUSED, WRITES } from "./commands";
import type { Context } from "./commands/handler";
import { CommandError, notImplemented } from "./errors";
import { encodeAnswer, encodeError } from "./reply";
import { isRetryable } from "./retry";
import { isDocument, type Doc } from "./values";

const RETRYABLE = new Set(["insert", "update", "delete", "findAndModify", "findandmodify"]);

/** Runs one command and gives its answer's BSON, once what it wrote is committed. Never throws: an error is an answer too. */
export async function runCommand(command: Doc, context: Context): Promise<Uint8Array> {
  const [name = ""] = Object.keys(command);
  const writes = WRITES.has(name);
  try {
    const answer =
      RETRYABLE.has(name) && isRetryable(command) ? once(name, command, context) : run(name, command, context);
    if (writes) await settled(command, context);
    return answer;
  } catch (error) {
    // A write that failed half way through a batch may have written; its error is told after that is committed too.
    if (writes) await context.store.journal.committed().catch(() => undefined);
    return encodeError(fieldsOf(error));
  }
}

async function settled(command: Doc, { store }: Context): Promise<void> {
  await store.journal.committed();
  if (isDocument(command.writeConcern) && command.writeConcern.j === true) await store.journal.flushed();
}

function run(name: string, command: Doc, context: Context): Uint8Array {
  const handler = COMMANDS.get(name);
  if (!handler) {
    if (REFUSED.has(name)) throw notImplemented(name);
    throw new CommandError(59, "CommandNotFound", `no such command: '${name.slice(0, 60)}'`);
  }
  return encodeAnswer(handler(command, context));
}

function once(name: string, command: Doc, context: Context): Uint8Array {
  const before = context.answers.find(command);
  if (before) return before;
  const answer = run(name, command, context);
  context.answers.keep(command, answer);
  return answer;
}

function fieldsOf(error: unknown): Doc {
  if (error instanceof CommandError) {
    const { code, codeName, message, extra } = error;
    return { errmsg: message, code, codeName, ...extra };
  }
  return { errmsg: error instanceof Error ? error.message : "failed", code: 8, codeName: "UnknownError" };
}
