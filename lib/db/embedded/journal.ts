import { open, type Database } from "lmdb";
import { CommandError, notImplemented } from "./errors";
import { beginLog, encodeFrame, listLogs, readLog, removeLog } from "./log-files";

/**
 * The durable side of the store: keys and BSON. A change is acknowledged once it is appended to a log, which costs one write a
 * turn of the event loop; the log's latest values go on to LMDB in the background, so that a document that changes a thousand
 * times between is put there once.
 */
export type Journal = {
  /** Queues a change; all changes of one turn of the event loop are committed together. */
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

const MAP_BYTES = 64 * 1024 ** 3;
/** LMDB's own limit is 1,978 bytes. */
const KEY_BYTES_MAX = 1_900;

/** Checks that a key fits, before anything is changed. */
export function checkKey(key: string): void {
  if (key.length * 3 > KEY_BYTES_MAX && Buffer.byteLength(key) > KEY_BYTES_MAX)
    throw new CommandError(17280, "KeyTooLong", "An _id of the embedded database is at most 1,900 bytes.");
  if (key.includes("\u0000", key.indexOf("\u0000", 2) + 1)) throw notImplemented("An _id with a NUL in it");
}

export function openJournal(dir: string): Journal {
  // lmdb's types leave "utf-8" out of the key encodings that it takes.
  const keyEncoding = "utf-8" as never;
  const database = open<Buffer, string>({
    path: `${dir}/database.mdb`,
    encoding: "binary",
    compression: false,
    keyEncoding,
    mapSize: MAP_BYTES,
  });
  let finished = replay(database, dir);
  let log = beginLog(dir);
  /** What this turn changed, and the latest value of each key in the log. */
  let turn = new Map<string, Uint8Array | null>();
  let latest = new Map<string, Uint8Array | null>();
  let committing: Promise<void> | null = null;
  let moving: Promise<void> = Promise.resolve();
  let syncing: Promise<void> = Promise.resolve();
  let ageTimer: NodeJS.Timeout | null = null;
  let syncTimer: NodeJS.Timeout | null = null;
  let failure: CommandError | null = null;

  const failed = (cause: unknown) => {
    // What memory holds is no longer what the disk holds: nothing is acknowledged after this.
    failure ??= Object.assign(new CommandError(14031, "OutOfDiskSpace", "The database could not be written."), {
      cause,
    });
  };

  const commit = () => {
    committing = null;
    const changes = turn;
    turn = new Map();
    if (failure || changes.size === 0) return;
    try {
      log.append(encodeFrame(changes));
    } catch (cause) {
      return failed(cause);
    }
    for (const [key, value] of changes) latest.set(key, value);
    syncTimer ??= setTimeout(sync, SYNC_MS).unref();
    ageTimer ??= setTimeout(move, LOG_AGE_MS).unref();
    if (log.bytes() > LOG_BYTES_MAX) move();
  };

  const sync = () => {
    syncTimer = null;
    syncing = log.sync().catch(failed);
  };

  /** Begins a new log, and puts what the old ones say into LMDB; they go when it is on the disk there. */
  const move = () => {
    if (ageTimer) clearTimeout(ageTimer);
    ageTimer = null;
    if (latest.size === 0 || failure) return;
    const [done, changes, old] = [[...finished, log.file], latest, log];
    finished = [];
    latest = new Map();
    log = beginLog(dir);
    moving = moving
      .then(async () => {
        await syncing;
        await old.sync();
        old.close();
        const puts: Promise<unknown>[] = [];
        for (const [key, value] of changes)
          puts.push(value === null ? database.remove(key) : database.put(key, value as Buffer));
        await Promise.all(puts);
        await database.flushed;
        for (const file of done) removeLog(file);
      })
      .catch(failed);
  };

  return {
    write: (key, value) => {
      if (failure) throw failure;
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
      if (failure) throw failure;
    },
    flushed: async () => {
      await committing;
      await log.sync();
    },
    entries: (prefix) =>
      database.getRange({ start: `${prefix}\u0000`, end: `${prefix}\u0001` }) as Iterable<{
        key: string;
        value: Buffer;
      }>,
    close: async () => {
      await committing;
      if (syncTimer) clearTimeout(syncTimer);
      move();
      await moving;
      await syncing;
      log.close();
      await database.flushed;
      if (!failure) for (const file of [...finished, log.file]) removeLog(file);
      await database.close();
    },
  };
}

/** Puts into LMDB what was logged and not yet moved there; returns the logs, which go with the next move. */
function replay(database: Database<Buffer, string>, dir: string): string[] {
  const logs = listLogs(dir);
  if (logs.length > 0)
    database.transactionSync(() => {
      for (const file of logs) {
        for (const { key, value } of readLog(file)) {
          if (value === null) database.removeSync(key);
          else database.putSync(key, value as Buffer);
        }
      }
    });
  return logs;
}
