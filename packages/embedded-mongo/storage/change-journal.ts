import { CommandError, notImplemented } from "../command-error";
import { encodeFrame } from "./change-frame";
import type { ChangeLog } from "./change-log";
import { openDataFiles, type HeldFiles } from "./data-files";
import { createTurn, type QueuedTurn } from "./queued-turn";

/**
 * The durable side of the store: keys and BSON. A change is appended to a log at the end of its turn of the event loop, and
 * acknowledged once the log is on the disk; what nobody waits for is there within 50 ms. In the background the log's latest values are written to a segment, so that a
 * document that changes a thousand times meanwhile is written there once.
 */
export type ChangeJournal = {
  /** Throws while the disk is full, and after the journal has failed. */
  check: () => void;
  /** Queues a change. `undo` reverts it in memory if the changes of this turn cannot be written. */
  write: (key: string, value: Uint8Array | null, undo: () => void) => void;
  /** Resolves when everything queued so far is in the log: it survives this process, not a power cut. Rejects when it was undone. */
  appended: () => Promise<void>;
  /** Resolves when everything queued so far is acknowledged as `sync` says. Rejects when it was undone. */
  committed: () => Promise<void>;
  /** Resolves when everything queued so far is on the disk. */
  flushed: () => Promise<void>;
  /** Writes what is only in the log to a segment, and merges all segments if asked to. */
  checkpoint: (options?: { mergeAll?: boolean }) => Promise<void>;
  /** The files that hold everything acknowledged so far. */
  hold: () => Promise<HeldFiles & { sequence: number }>;
  bytesOnDisk: () => number;
  close: () => Promise<void>;
};

export type JournalOptions = {
  /** `always`: a write is acknowledged after fsync. `interval`: fsync follows within 50 ms; a power cut may lose that much. */
  sync?: "always" | "interval";
  /** Called once, when nothing more can be written: the disk failed, or the directory was moved or deleted. */
  onFatal?: (error: Error) => void;
};

const LOG_BYTES_MAX = 32 * 1024 * 1024;
const LOG_AGE_MS = 5_000;
const SYNC_MS = 50;
/** How often a full disk is tried again. */
const PROBE_MS = 250;
const KEY_BYTES_MAX = 1_900;

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

/** Opens a data directory and gives its content. Throws DamagedDataError, and then has changed nothing. */
export async function openJournal(
  dir: string,
  { sync = "always", onFatal = () => {} }: JournalOptions = {},
): Promise<{ journal: ChangeJournal; entries: Map<string, Uint8Array> }> {
  const dataFiles = await openDataFiles(dir);
  const { files, entries } = dataFiles;
  let { latest, sequence } = dataFiles;
  const unsyncedLogs = new Set<ChangeLog>();
  let turn: QueuedTurn | null = null;
  let syncing: Promise<void> | null = null;
  let background: Promise<void> = Promise.resolve();
  let checkpointTimer: NodeJS.Timeout | null = null;
  let syncTimer: NodeJS.Timeout | null = null;
  let probeTimer: NodeJS.Timeout | null = null;
  let failure: CommandError | null = null;
  let isFatal = false;
  let isQueued = false;

  const check = () => {
    if (failure) throw failure;
  };

  /** After a failed fsync it is not known what is on the disk: only a new start, from the files, knows. */
  const fail = (cause: unknown) => {
    if (isFatal) return;
    isFatal = true;
    failure = unwritable(cause);
    onFatal(cause instanceof Error ? cause : new Error(String(cause)));
  };

  const queue = (): QueuedTurn => {
    if (turn) return turn;
    const current = createTurn();
    turn = current;
    setImmediate(() => commit(current));
    return current;
  };

  const commit = (current: QueuedTurn) => {
    turn = null;
    try {
      if (isFatal) check();
      files.log.append(encodeFrame(current.changes, sequence + 1));
    } catch (cause) {
      for (const undo of current.undos.reverse()) undo();
      failure ??= unwritable(cause);
      if (!isFatal) probeTimer ??= setTimeout(probe, PROBE_MS).unref();
      current.reject(failure);
      return;
    }
    sequence++;
    failure = null;
    unsyncedLogs.add(files.log);
    for (const [key, value] of current.changes) latest.set(key, value);
    // Whoever waits for the disk asks for the fsync earlier.
    syncTimer ??= setTimeout(() => void syncLogs().catch(() => {}), SYNC_MS).unref();
    current.resolve();
    scheduleCheckpoint();
    if (files.log.bytes() > LOG_BYTES_MAX) void checkpoint();
  };

  /** An empty frame shows whether the disk has space again. */
  const probe = () => {
    probeTimer = null;
    if (failure && !isFatal) queue();
  };

  /** Resolves when all frames appended so far are on the disk; one fsync serves all that wait for it. */
  const syncLogs = async (): Promise<void> => {
    while (syncing) await syncing;
    if (isFatal) check();
    if (unsyncedLogs.size === 0) return;
    if (syncTimer) clearTimeout(syncTimer);
    syncTimer = null;
    syncing = syncNow().finally(() => (syncing = null));
    await syncing;
  };

  const syncNow = async () => {
    const logs = [...unsyncedLogs];
    const syncedSequence = sequence;
    unsyncedLogs.clear();
    try {
      await Promise.all(logs.map((log) => log.sync()));
      files.mark.save(syncedSequence);
    } catch (cause) {
      fail(cause);
      check();
    }
  };

  const scheduleCheckpoint = () =>
    (checkpointTimer ??= setTimeout(() => void checkpoint(), LOG_AGE_MS).unref());

  const checkpoint = ({ mergeAll = false } = {}): Promise<void> => {
    if (checkpointTimer) clearTimeout(checkpointTimer);
    checkpointTimer = null;
    // One that has not begun yet moves what this one would.
    if (isQueued && !mergeAll) return background;
    isQueued = true;
    background = background
      .then(() => moveToSegment(mergeAll))
      .catch((cause: unknown) => {
        // The log stays; what it holds is moved when there is space.
        if (isFullDisk(cause)) scheduleCheckpoint();
        else fail(cause);
      });
    return background;
  };

  const moveToSegment = async (mergeAll: boolean) => {
    isQueued = false;
    if (isFatal) return;
    files.checkPlace();
    if (latest.size > 0) {
      files.rollLog();
      const movedChanges = latest;
      const coveredSequence = sequence;
      latest = new Map();
      try {
        await syncLogs();
        await files.moveToSegment(movedChanges, coveredSequence);
      } catch (error) {
        for (const [key, value] of movedChanges) if (!latest.has(key)) latest.set(key, value);
        throw error;
      }
    }
    await files.mergeSegments(mergeAll);
  };

  const appendWritten = async () => {
    if (turn) await turn.appended;
    else check();
  };

  const commitWritten = async () => {
    await appendWritten();
    if (sync === "always") await syncLogs();
  };

  const journal: ChangeJournal = {
    check,
    write: (key, value, undo) => {
      const current = queue();
      current.changes.set(key, value);
      current.undos.push(undo);
    },
    appended: appendWritten,
    committed: commitWritten,
    flushed: async () => {
      await appendWritten();
      await syncLogs();
    },
    checkpoint,
    hold: async () => {
      await background;
      await syncLogs();
      return { ...files.hold(), sequence };
    },
    bytesOnDisk: () => files.bytes(),
    close: async () => {
      await commitWritten().catch(() => {});
      if (probeTimer) clearTimeout(probeTimer);
      await checkpoint();
      if (checkpointTimer) clearTimeout(checkpointTimer);
      await syncLogs().catch(() => {});
      files.close();
    },
  };
  if (latest.size > 0) scheduleCheckpoint();
  return { journal, entries };
}

function unwritable(cause: unknown): CommandError {
  const error = new CommandError(14031, "OutOfDiskSpace", "The database could not be written.");
  return Object.assign(error, { cause });
}

const FULL_DISK = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const isFullDisk = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && FULL_DISK.has(String(cause.code));
