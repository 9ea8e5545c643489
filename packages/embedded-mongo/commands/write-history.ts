import { Binary } from "bson";
import { CommandError } from "../command-error";
import { encode } from "../values/encode";
import type { DocumentStore } from "../storage/document-store";
import { decode } from "../storage/stored-document";
import { bsonType, keyOf, type BsonDocument, type BsonValue } from "../values/values";

/** `at` is a time of the clock, for a restart; `since` is one of `performance.now()`, which a change of the clock does not move. */
type RememberedWrite = { number: number; at: number; since: number; reply: Uint8Array };
export type WriteHistory = ReturnType<typeof openWriteHistory>;

/** How long a client may use a session (`logicalSessionTimeoutMinutes`). */
const KEPT_MS = 30 * 60_000;

/**
 * The last write of each session with its reply, stored in the same commit as its changes. A client that lost its connection and
 * sends the write again gets that reply, also after a restart, and nothing is applied twice.
 */
export function openWriteHistory(store: DocumentStore) {
  const last = new Map<string, RememberedWrite>();
  const write = (place: string, value: Uint8Array | null): void => {
    const previous = last.get(place);
    store.journal.write(place, value, () => {
      last.delete(place);
      if (previous) last.set(place, previous);
    });
  };
  for (const [key, value] of store.writeHistory) {
    const { number, at, reply } = decode(value);
    if (
      typeof number === "number" &&
      typeof at === "number" &&
      reply instanceof Binary &&
      Date.now() - at < KEPT_MS
    )
      last.set(key, { number, at, since: performance.now(), reply: reply.value() });
    else write(key, null);
  }
  store.writeHistory.clear();

  /** The reply to a write that was already applied; null for a new one. */
  const find = (command: BsonDocument): Uint8Array | null => {
    const lastWrite = last.get(placeOf(command));
    const number = numberOf(command);
    if (!lastWrite || number > lastWrite.number) return null;
    if (number === lastWrite.number) return lastWrite.reply;
    throw new CommandError(
      225,
      "TransactionTooOld",
      `Retryable write with txnNumber ${number} is prohibited on this session because a newer one has already started.`,
    );
  };

  const keep = (command: BsonDocument, reply: Uint8Array): void => {
    const place = placeOf(command);
    const [number, at] = [numberOf(command), Date.now()];
    write(place, encode({ number, at, reply: new Binary(reply) }));
    // The map's first entry is always the oldest.
    last.delete(place);
    last.set(place, { number, at, since: performance.now(), reply });
  };

  const forget = (sessions: BsonValue): void => {
    if (!Array.isArray(sessions)) return;
    for (const session of sessions as BsonDocument[]) {
      const place = placeOf({ lsid: session });
      if (!last.has(place)) continue;
      write(place, null);
      last.delete(place);
    }
  };

  const prune = (now = performance.now()): void => {
    for (const [place, { since }] of last) {
      if (now - since < KEPT_MS) return;
      write(place, null);
      last.delete(place);
    }
  };

  return { find, keep, forget, prune };
}

const placeOf = (command: BsonDocument): string =>
  `s\u0000${keyOf((command.lsid as BsonDocument | undefined)?.id)}`;

/** True for a write that the client may send again. */
export function isRetryable(command: BsonDocument): boolean {
  if (command.txnNumber === undefined) return false;
  if (command.lsid === undefined)
    throw new CommandError(72, "InvalidOptions", "Transaction number requires a session ID");
  return true;
}

function numberOf(command: BsonDocument): number {
  const number = command.txnNumber as BsonValue;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new CommandError(
    72,
    "InvalidOptions",
    `Transaction number must be a non-negative integer${bsonType(number) ? " below 2^53" : ""}`,
  );
}
