import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { StoredChange } from "./change-frame";
import { createLog, cutLog, fileNumber, logName, segmentName, type ChangeLog } from "./change-log";
import { createMark, openMark, type CommitMark } from "./commit-mark";
import { isDataFile, saveManifest, type DirectoryManifest } from "./directory-manifest";
import { adoptEarlierFormat, isEarlierFormat } from "./earlier-format";
import { MovedDirectoryError } from "./moved-directory-error";
import { isEmptyDirectory, readDirectory } from "./read-directory";
import { latestChanges, mergeCount, writeSegment } from "./segment";

export type ChangeMap = Map<string, Uint8Array | null>;
/** What a data directory holds when it is opened; `latest` are the changes that are in the logs only. */
export type OpenedFiles = {
  files: DataFiles;
  entries: Map<string, Uint8Array>;
  latest: ChangeMap;
  sequence: number;
};
export type HeldFiles = { manifest: DirectoryManifest; release: () => void };

/** Opens a data directory. Throws DamagedDataError, and then has changed nothing. */
export async function openDataFiles(dir: string): Promise<OpenedFiles> {
  if (isEarlierFormat(dir)) await adoptEarlierFormat(dir);
  const entries = new Map<string, Uint8Array>();
  const latest: ChangeMap = new Map();
  let manifest: DirectoryManifest = { format: 2, checkpoint: 0, segments: [], logs: [] };
  let sequence = 0;
  if (isEmptyDirectory(dir)) createMark(dir, 0);
  else {
    const apply = ({ key, value }: StoredChange, origin: "segment" | "log") => {
      // Many share one allocation: that is a third less memory than one each.
      const copy = value && Buffer.from(value);
      if (copy) entries.set(key, copy);
      else entries.delete(key);
      if (origin === "log") latest.set(key, copy);
    };
    const report = (damage: Error) => {
      throw damage;
    };
    const content = readDirectory({ dir, apply, report });
    ({ manifest, sequence } = content);
    for (const { file, offset } of content.tails) cutLog(path.join(dir, file), offset);
  }
  const files = new DataFiles(dir, manifest);
  if (latest.size === 0) files.dropEmptyLogs(sequence);
  return { files, entries, latest, sequence };
}

/** The files of a data directory and the manifest that lists them. Every method throws when the directory was moved. */
export class DataFiles {
  readonly mark: CommitMark;
  /** The log that is appended to. */
  log: ChangeLog;
  readonly #dir: string;
  readonly #inode: number;
  #manifest: DirectoryManifest;
  #nextNumber: number;
  /** Logs that are no longer appended to, until a segment holds what is in them. */
  #closedLogs: ChangeLog[] = [];
  #holders = 0;
  #unlisted: string[] = [];

  constructor(dir: string, manifest: DirectoryManifest) {
    this.#dir = dir;
    this.#inode = statSync(dir).ino;
    this.#manifest = manifest;
    const names = [...manifest.logs, ...manifest.segments.map(({ file }) => file)];
    this.#nextNumber = Math.max(0, ...names.map(fileNumber)) + 1;
    for (const name of readdirSync(dir))
      if (isDataFile(name) && !names.includes(name)) rmSync(path.join(dir, name));
    this.mark = openMark(dir);
    this.log = this.#beginLog();
  }

  /** Forgets the logs of earlier starts, when nothing in them is newer than the segments. */
  dropEmptyLogs(sequence: number): void {
    this.#list({ checkpoint: sequence, logs: [this.log.file] }, this.#manifest.logs.slice(0, -1));
  }

  checkPlace(): void {
    if (statSync(this.#dir, { throwIfNoEntry: false })?.ino !== this.#inode)
      throw new MovedDirectoryError(this.#dir);
  }

  /** From here on changes are appended to a new log. */
  rollLog(): void {
    if (this.log.bytes() === 0) return;
    const next = this.#beginLog();
    this.#closedLogs.push(this.log);
    this.log = next;
  }

  /** Writes the changes of all closed logs, up to a sequence number, to a segment in place of those logs. */
  async moveToSegment(changes: ChangeMap, coveredSequence: number): Promise<void> {
    const closedLogs = this.#manifest.logs.filter((file) => file !== this.log.file);
    const segment = await this.#writeSegment(changesOf(changes));
    this.#list(
      {
        checkpoint: coveredSequence,
        segments: [...this.#manifest.segments, segment],
        logs: [this.log.file],
      },
      closedLogs,
    );
    for (const log of this.#closedLogs) log.close();
    this.#closedLogs = [];
  }

  /** Merges the newest segments where that frees enough space, or all of them. */
  async mergeSegments(all: boolean): Promise<void> {
    const { segments } = this.#manifest;
    const count = all ? segments.length : mergeCount(segments.map(({ bytes }) => bytes));
    if (count === 0 || (count === 1 && !all)) return;
    const mergedSegments = segments.slice(-count);
    const older = segments.slice(0, -count);
    const segment = await this.#writeSegment(
      latestChanges(this.#dir, mergedSegments, older.length > 0),
    );
    this.#list(
      { segments: [...older, segment] },
      mergedSegments.map(({ file }) => file),
    );
  }

  /** The files of this moment; none of them is deleted before `release` is called. */
  hold(): HeldFiles {
    this.#holders++;
    const release = () => {
      this.#holders--;
      this.#removeUnlisted();
    };
    return { manifest: this.#manifest, release };
  }

  bytes(): number {
    return this.#manifest.segments.reduce((total, { bytes }) => total + bytes, this.log.bytes());
  }

  close(): void {
    for (const log of [...this.#closedLogs, this.log]) log.close();
    this.mark.close();
  }

  #beginLog(): ChangeLog {
    const log = createLog(this.#dir, logName(this.#nextNumber++));
    try {
      this.#list({ logs: [...this.#manifest.logs, log.file] });
      return log;
    } catch (error) {
      log.close();
      rmSync(path.join(this.#dir, log.file), { force: true });
      throw error;
    }
  }

  #writeSegment(changes: Iterable<StoredChange>) {
    this.checkPlace();
    return writeSegment(this.#dir, segmentName(this.#nextNumber++), changes);
  }

  #list(change: Partial<DirectoryManifest>, removedFiles: string[] = []): void {
    this.checkPlace();
    const manifest = { ...this.#manifest, ...change };
    saveManifest(this.#dir, manifest);
    this.#manifest = manifest;
    this.#unlisted.push(...removedFiles);
    this.#removeUnlisted();
  }

  #removeUnlisted(): void {
    if (this.#holders > 0) return;
    for (const file of this.#unlisted.splice(0))
      rmSync(path.join(this.#dir, file), { force: true });
  }
}

function* changesOf(changes: ChangeMap): Generator<StoredChange> {
  for (const [key, value] of changes) yield { key, value };
}
