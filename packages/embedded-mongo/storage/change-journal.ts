import { statfsSync } from "node:fs";
import { open, type Database } from "lmdb";
import { CommandError, notImplemented } from "../command-error";
import { beginLog, encodeFrame, listLogs, readLog, removeLog } from "./change-log";

/**
 * The durable side of the store: keys and BSON. A change is acknowledged once it is appended to a log, which costs one write a
 * turn of the event loop; the log's latest values go on to LMDB in the background, so that a document that changes a thousand
 * times between is put there once.
 */
export type ChangeJournal = {
  /** Throws while something that was queued could not be committed. */
  check: () => void;
  /** Queues a change; all changes of one turn of the event loop are committed together. Throws as `check` does. */
  write: (key: string, value: Uint8Array | null) => void;
  /** Resolves when everything queued so far is committed. Rejects when it could not be. */
  committed: () => Promise<unknown>;
  /** Resolves when everything queued so far is on the disk. */
  flushed: () => Promise<unknown>;
  entries: (prefix: string) => Iterable<{ key: string; value: Buffer }>;
  close: () => Promise<void>;
};

/** When the log's changes go on to LMDB. */
const LOG_BYTES_MAX = 32 * 1024 * 1024;
const LOG_AGE_MS = 5_000;
/** How often the log is brought to the disk, for a machine that loses power; a killed process loses nothing either way. */
const SYNC_MS = 50;
/** How often what a full disk did not take is tried again. */
const RETRY_MS = 500;

/** What LMDB is left beside what a change may cost it: its page and those above it. */
const ROOM_BYTES = 1024 * 1024;
const PAGES_BYTES = 4 * 4_096;
const MAP_BYTES = 64 * 1024 ** 3;
/** LMDB's own limit is 1,978 bytes. */
const KEY_BYTES_MAX = 1_900;

/** Keys in UTF-8. */
type KeyTable = Database<Buffer, Uint8Array>;
const bytesOf = (key: string) => Buffer.from(key);
const textOf = (key: Uint8Array) =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString("utf8");

/** Checks that a key fits, before anything is changed. */
export function checkKey(key: string): void {
  if (key.length * 3 > KEY_BYTES_MAX && Buffer.byteLength(key) > KEY_BYTES_MAX)
    throw new CommandError(
      17280,
      "KeyTooLong",
      "An _id of the embedded database is at most 1,900 bytes.",
    );
  if (key.includes("\u0000", key.indexOf("\u0000", 2) + 1))
    throw notImplemented("An _id with a NUL in it");
}

export function openJournal(dir: string): ChangeJournal {
  const database: KeyTable = open({
    path: `${dir}/database.mdb`,
    encoding: "binary",
    compression: false,
    // Of its own encodings none gives back every text as it was: a long one with a NUL in it comes back in pieces.
    keyEncoding: "binary",
    mapSize: MAP_BYTES,
  });
  adoptEarlier(database);
  const finished = replay(database, dir);
  let log = beginLog(dir);
  /** What is not committed yet, and the latest value of each key in the open log. */
  let turn = new Map<string, Uint8Array | null>();
  let latest = new Map<string, Uint8Array | null>();
  let committing: Promise<void> | null = null;
  let moving: Promise<void> = Promise.resolve();
  let syncing: Promise<void> = Promise.resolve();
  let ageTimer: NodeJS.Timeout | null = null;
  let syncTimer: NodeJS.Timeout | null = null;
  let retryTimer: NodeJS.Timeout | null = null;
  let failure: CommandError | null = null;
  /** What a failed sync left on the disk cannot be told, nor what LMDB did: the way on is to start anew from the logs. */
  let broken = false;

  const failed = (cause: unknown) => {
    failure ??= Object.assign(
      new CommandError(14031, "OutOfDiskSpace", "The database could not be written."),
      {
        cause,
      },
    );
  };
  const breakDown = (cause: unknown) => {
    broken = true;
    failed(cause);
  };

  /** What cannot be written, because the disk is full, stays in `turn` and is tried again: nothing else is taken before it. */
  const commit = () => {
    committing = null;
    if (broken || turn.size === 0) return;
    try {
      log.append(encodeFrame(turn));
    } catch (cause) {
      failed(cause);
      retryTimer = setTimeout(commit, RETRY_MS).unref();
      return;
    }
    failure = null;
    for (const [key, value] of turn) latest.set(key, value);
    turn = new Map();
    syncTimer ??= setTimeout(sync, SYNC_MS).unref();
    ageTimer ??= setTimeout(move, LOG_AGE_MS).unref();
    if (log.bytes() > LOG_BYTES_MAX) move();
  };

  const sync = () => {
    syncTimer = null;
    syncing = log.sync().catch(breakDown);
  };

  /**
   * Begins a new log, and puts what the old one says into LMDB; it goes when that is on the disk. Without room for that, the
   * log goes on: LMDB cannot be used any more once the disk did not take what it writes.
   */
  const move = () => {
    if (ageTimer) clearTimeout(ageTimer);
    ageTimer = null;
    if (latest.size === 0 || failure) return;
    const next = hasRoom(dir, latest.size, log.bytes()) ? begin() : null;
    if (!next) {
      ageTimer = setTimeout(move, LOG_AGE_MS).unref();
      return;
    }
    const [changes, old] = [latest, log];
    latest = new Map();
    log = next;
    moving = moving.then(() => put(changes, old)).catch(breakDown);
  };

  const begin = () => {
    try {
      return beginLog(dir);
    } catch {
      return null;
    }
  };

  const put = async (changes: Map<string, Uint8Array | null>, old: typeof log): Promise<void> => {
    await syncing;
    await old.sync();
    old.close();
    finished.push(old.file);
    const puts: Promise<unknown>[] = [];
    for (const [key, value] of changes)
      puts.push(
        value === null
          ? database.remove(bytesOf(key))
          : database.put(bytesOf(key), value as Buffer),
      );
    await Promise.all(puts);
    await database.flushed;
    for (const file of finished.splice(0)) removeLog(file);
  };

  /** Nothing is told while memory holds what the disk does not. */
  const check = () => {
    if (failure) throw failure;
  };

  return {
    check,
    write: (key, value) => {
      check();
      turn.set(key, value);
      committing ??= new Promise((resolve) =>
        setImmediate(() => {
          commit();
          resolve();
        }),
      );
    },
    committed: async () => {
      await committing;
      check();
    },
    flushed: async () => {
      await committing;
      await log.sync();
    },
    entries: (prefix) =>
      database
        .getRange({ start: bytesOf(`${prefix}\u0000`), end: bytesOf(`${prefix}\u0001`) })
        .map(({ key, value }) => ({ key: textOf(key), value })),
    close: async () => {
      await committing;
      for (const timer of [syncTimer, retryTimer]) if (timer) clearTimeout(timer);
      move();
      await moving;
      if (ageTimer) clearTimeout(ageTimer);
      await syncing;
      log.close();
      if (latest.size === 0 && !broken) for (const file of [...finished, log.file]) removeLog(file);
      await database.close();
    },
  };
}

/** Whether LMDB, which writes every page anew that it changes, can take so many changes. */
function hasRoom(dir: string, changes: number, bytes: number): boolean {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize > ROOM_BYTES + changes * PAGES_BYTES + 2 * bytes;
}

/** Puts into LMDB what was logged and not yet moved there; returns the logs, which go with the next move. */
function replay(database: KeyTable, dir: string): string[] {
  const logs = listLogs(dir);
  if (logs.length > 0)
    database.transactionSync(() => {
      for (const file of logs) {
        for (const { key, value } of readLog(file)) {
          if (value === null) database.removeSync(bytesOf(key));
          else database.putSync(bytesOf(key), value as Buffer);
        }
      }
    });
  return logs;
}

/** Stands before each of the first five characters in a short key of earlier versions. */
const ESCAPE = 4;

/** Gives short keys of earlier versions the form that long ones had then, and all have now. */
function adoptEarlier(database: KeyTable): void {
  const earlier = [..."cdis"].flatMap((prefix) => {
    const first = prefix.charCodeAt(0);
    return [
      ...database.getRange({
        start: Buffer.from([first, ESCAPE]),
        end: Buffer.from([first, ESCAPE + 1]),
      }),
    ];
  });
  if (earlier.length === 0) return;
  database.transactionSync(() => {
    for (const { key, value } of earlier) {
      database.putSync(unescaped(key), value);
      database.removeSync(Buffer.from(key));
    }
  });
}

function unescaped(key: Uint8Array): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < key.length; at++)
    bytes.push(key[at] === ESCAPE ? (key[++at] ?? 0) : (key[at] ?? 0));
  return Buffer.from(bytes);
}
