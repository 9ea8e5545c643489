import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { StoredChange } from "./change-frame";
import { MARK_FILE, readMark } from "./commit-mark";
import { DamagedDataError } from "./damaged-data-error";
import {
  isDataFile,
  MANIFEST_FILE,
  readManifest,
  type DirectoryManifest,
  type SegmentEntry,
} from "./directory-manifest";
import { findNextFrame, readFrames } from "./frame-reader";

export type DirectoryContent = { manifest: DirectoryManifest } & LogContent;
/**
 * The sequence number of the last frame that can be read without a gap, and where what follows begins in each log: a power cut
 * left it incomplete, and nothing of it was acknowledged.
 */
export type LogContent = { sequence: number; tails: LogTail[] };
export type LogTail = { file: string; offset: number };
type FileOrigin = "segment" | "log";
type DirectoryVisit = {
  dir: string;
  /** Called for every change, oldest first: a later one of a key replaces the earlier. */
  apply: (change: StoredChange, origin: FileOrigin) => void;
  /** Called for every damage. Where it does not throw, reading continues after the damage. */
  report: (damage: DamagedDataError) => void;
};

/** True for a directory in which nothing was acknowledged yet. */
export function isEmptyDirectory(dir: string): boolean {
  const names = readdirSync(dir);
  if (names.includes(MANIFEST_FILE)) return false;
  if (names.some((name) => isDataFile(name) && statSync(path.join(dir, name)).size > 0))
    return false;
  return !names.includes(MARK_FILE) || readMark(dir) === 0;
}

/** Reads all changes of a data directory, checking every byte. Changes nothing in it. */
export function readDirectory({ dir, apply, report }: DirectoryVisit): DirectoryContent {
  const manifest = readManifest(dir);
  if (!manifest)
    throw new DamagedDataError({
      file: MANIFEST_FILE,
      offset: null,
      reason: "it is missing",
      loss: "It lists the files of the database, so it is not known whether they are complete.",
    });
  for (const segment of manifest.segments) readSegment({ dir, apply, report }, segment);
  return { manifest, ...readLogs({ dir, apply, report }, manifest) };
}

function readSegment(
  { dir, apply, report }: DirectoryVisit,
  { file, bytes, frames }: SegmentEntry,
): void {
  const full = path.join(dir, file);
  const loss = "The documents in it would be missing, or older than they were.";
  if (!existsSync(full))
    return report(new DamagedDataError({ file, offset: null, reason: "it is missing", loss }));
  let nextFrame = 1;
  let isResumed = false;
  for (let from: number | null = 0; from !== null; isResumed = true) {
    const reader = readFrames(full, from);
    let step = reader.next();
    for (; !step.done; step = reader.next()) {
      const { sequence, offset, changes } = step.value;
      if (sequence !== nextFrame && !isResumed)
        report(new DamagedDataError({ file, offset, reason: "a part before it is missing", loss }));
      isResumed = false;
      nextFrame = sequence + 1;
      for (const change of changes) apply(change, "segment");
    }
    const { offset, fileBytes } = step.value;
    if (offset === bytes && fileBytes === bytes && nextFrame === frames + 1) return;
    const reason =
      offset === fileBytes ? `it has ${fileBytes} of ${bytes} bytes` : "its checksum is wrong";
    report(new DamagedDataError({ file, offset, reason, loss }));
    from = offset < fileBytes ? findNextFrame(full, offset + 1) : null;
  }
}

function readLogs(
  { dir, apply, report }: DirectoryVisit,
  { logs, checkpoint }: DirectoryManifest,
): LogContent {
  const mark = readMarkOrReport(dir, report);
  const tails: LogTail[] = [];
  let last = checkpoint;
  /** Where reading a log stopped before its end: harmless when the next log continues from there. */
  let stop: { file: string; offset: number; reason: string } | null = null;
  /** Whether a frame is missing after the last acknowledged one: then no later frame was acknowledged either. */
  let isComplete = false;
  const damage = (
    missing: number,
    place: { file: string; offset: number | null; reason: string },
  ) =>
    report(
      new DamagedDataError({
        ...place,
        loss: `${missing} acknowledged ${missing === 1 ? "group" : "groups"} of changes after it would be lost.`,
      }),
    );
  for (const file of logs) {
    const full = path.join(dir, file);
    if (!existsSync(full)) {
      damage(Math.max(mark - last, 1), { file, offset: null, reason: "it is missing" });
      continue;
    }
    for (let from: number | null = 0; from !== null && !isComplete;) {
      const reader = readFrames(full, from);
      let step = reader.next();
      for (; !step.done; step = reader.next()) {
        const { sequence, offset, changes } = step.value;
        if (sequence <= last) continue;
        if (sequence > last + 1) {
          isComplete = last >= mark;
          if (isComplete) break;
          damage(
            sequence - last - 1,
            stop ?? { file, offset, reason: "the changes before it are missing" },
          );
        }
        stop = null;
        last = sequence;
        for (const change of changes) apply(change, "log");
      }
      if (!step.done) {
        reader.return({ offset: 0, fileBytes: 0 });
        tails.push({ file, offset: step.value.offset });
        break;
      }
      const { offset, fileBytes } = step.value;
      const isTorn = offset < fileBytes;
      if (isTorn || last < mark)
        stop = { file, offset, reason: isTorn ? "its checksum is wrong" : "it ends too early" };
      from = isTorn && last < mark ? findNextFrame(full, offset + 1) : null;
      if (isTorn && last >= mark) tails.push({ file, offset });
    }
    if (isComplete && tails.at(-1)?.file !== file) tails.push({ file, offset: 0 });
  }
  if (last < mark)
    damage(
      mark - last,
      stop ?? { file: logs.at(-1) ?? MANIFEST_FILE, offset: null, reason: "it ends too early" },
    );
  return { sequence: last, tails };
}

function readMarkOrReport(dir: string, report: DirectoryVisit["report"]): number {
  try {
    return readMark(dir);
  } catch (error) {
    if (!(error instanceof DamagedDataError)) throw error;
    report(error);
    return 0;
  }
}
