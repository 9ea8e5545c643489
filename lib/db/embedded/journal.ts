import { open } from "lmdb";
import { CommandError, notImplemented } from "./errors";

/** The durable side of the store: keys and BSON, in LMDB. */
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
  let last: Promise<unknown> = Promise.resolve();
  let failure: CommandError | null = null;
  return {
    write: (key, value) => {
      if (failure) throw failure;
      last = value === null ? database.remove(key) : database.put(key, value as Buffer);
      last.catch((cause: unknown) => {
        // What memory holds is no longer what the disk holds: nothing is acknowledged after this.
        failure ??= Object.assign(new CommandError(14031, "OutOfDiskSpace", "The database could not be written."), {
          cause,
        });
      });
    },
    committed: async () => {
      await last.catch(() => undefined);
      if (failure) throw failure;
    },
    flushed: () => database.flushed,
    entries: (prefix) =>
      database.getRange({ start: `${prefix}\u0000`, end: `${prefix}\u0001` }) as Iterable<{
        key: string;
        value: Buffer;
      }>,
    close: () => database.close(),
  };
}
