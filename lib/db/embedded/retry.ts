import { Binary } from "bson";
import { CommandError } from "./errors";
import { encode } from "./encode";
import { decode, type Store } from "./store";
import { bsonType, keyOf, type Doc, type Value } from "./values";

/** `at` is a time of the clock, for a restart; `since` one of `performance.now()`, for a clock that is set meanwhile. */
type Answered = { number: number; at: number; since: number; reply: Uint8Array };
export type Answers = ReturnType<typeof openAnswers>;

/** As long as a client may use a session (`logicalSessionTimeoutMinutes`). */
const KEPT_MS = 30 * 60_000;

/**
 * The last write of each session with its answer, kept in the same commit as what it wrote: when a client that lost its
 * connection sends the write again, it gets the answer and nothing is applied twice, across a restart too.
 */
export function openAnswers(store: Store) {
  const last = new Map<string, Answered>();
  for (const { key, value } of [...store.journal.entries("s")]) {
    const { number, at, reply } = decode(value);
    if (
      typeof number === "number" &&
      typeof at === "number" &&
      reply instanceof Binary &&
      Date.now() - at < KEPT_MS
    )
      last.set(key, { number, at, since: performance.now(), reply: reply.value() });
    else store.journal.write(key, null);
  }

  /** The answer of a write that was applied before; null for a new one. */
  const find = (command: Doc): Uint8Array | null => {
    const known = last.get(placeOf(command));
    const number = numberOf(command);
    if (!known || number > known.number) return null;
    if (number === known.number) return known.reply;
    throw new CommandError(
      225,
      "TransactionTooOld",
      `Retryable write with txnNumber ${number} is prohibited on this session because a newer one has already started.`,
    );
  };

  const keep = (command: Doc, reply: Uint8Array): void => {
    const place = placeOf(command);
    const [number, at] = [numberOf(command), Date.now()];
    // Written first to the map's end, so that the oldest is always at its start.
    last.delete(place);
    last.set(place, { number, at, since: performance.now(), reply });
    store.journal.write(place, encode({ number, at, reply: new Binary(reply) }));
  };

  const forget = (sessions: Value): void => {
    if (!Array.isArray(sessions)) return;
    for (const session of sessions as Doc[]) {
      const place = placeOf({ lsid: session });
      if (last.delete(place)) store.journal.write(place, null);
    }
  };

  const prune = (now = performance.now()): void => {
    for (const [place, { since }] of last) {
      if (now - since < KEPT_MS) return;
      store.journal.write(place, null);
      last.delete(place);
    }
  };

  return { find, keep, forget, prune };
}

const placeOf = (command: Doc): string => `s\u0000${keyOf((command.lsid as Doc | undefined)?.id)}`;

/** True for a write that its client may send again. */
export function isRetryable(command: Doc): boolean {
  if (command.txnNumber === undefined) return false;
  if (command.lsid === undefined)
    throw new CommandError(72, "InvalidOptions", "Transaction number requires a session ID");
  return true;
}

function numberOf(command: Doc): number {
  const number = command.txnNumber as Value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new CommandError(
    72,
    "InvalidOptions",
    `Transaction number must be a non-negative integer${bsonType(number) ? " below 2^53" : ""}`,
  );
}
