import { closeSync, fdatasync, openSync, rmSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { changeBytes, encodeFrame, type StoredChange } from "./change-frame";
import { DamagedDataError } from "./damaged-data-error";
import { writeAll, type SegmentEntry } from "./directory-manifest";
import { readFrames } from "./frame-reader";

/** Changes are written in frames of about this size, other commands between two of them. */
const FRAME_BYTES = 256 * 1024;

/** Writes changes of distinct keys into a new file, on the disk when this resolves. Leaves no file where it cannot. */
export async function writeSegment(
  dir: string,
  file: string,
  changes: Iterable<StoredChange>,
): Promise<SegmentEntry> {
  const full = path.join(dir, file);
  const descriptor = openSync(full, "wx", 0o600);
  const entry: SegmentEntry = { file, bytes: 0, frames: 0 };
  const writeFrame = (waiting: [string, Uint8Array | null][]) => {
    const frame = encodeFrame(waiting, ++entry.frames);
    writeAll(descriptor, frame);
    entry.bytes += frame.length;
  };
  try {
    let waiting: [string, Uint8Array | null][] = [];
    let waitingBytes = 0;
    for (const { key, value } of changes) {
      waiting.push([key, value]);
      waitingBytes += changeBytes(key, value);
      if (waitingBytes < FRAME_BYTES) continue;
      writeFrame(waiting);
      waiting = [];
      waitingBytes = 0;
      await nextTurn();
    }
    if (waiting.length > 0) writeFrame(waiting);
    await promisify(fdatasync)(descriptor);
    return entry;
  } catch (error) {
    rmSync(full, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** The latest change of every key in some segments, newest first; deletions only where `keepsDeletions`. */
export function* latestChanges(
  dir: string,
  segments: SegmentEntry[],
  keepsDeletions: boolean,
): Generator<StoredChange> {
  const places = new Set<string>();
  for (const [i, { file, bytes }] of segments.toReversed().entries()) {
    const isOldest = i === segments.length - 1;
    const reader = readFrames(path.join(dir, file));
    let step = reader.next();
    for (; !step.done; step = reader.next())
      for (const change of step.value.changes) {
        if (places.has(change.key)) continue;
        if (!isOldest) places.add(change.key);
        if (change.value !== null || keepsDeletions) yield change;
      }
    if (step.value.offset !== bytes)
      throw new DamagedDataError({
        file,
        offset: step.value.offset,
        reason: "its checksum is wrong",
        loss: "Documents in it cannot be moved.",
      });
  }
}

/**
 * How many of the newest segments to merge: as many as keeps each at least twice as large as all newer ones together. So a
 * change is rewritten a few times at most, and old values take at most about half of the disk space.
 */
export function mergeCount(sizes: number[]): number {
  let count = 1;
  let total = sizes.at(-1) ?? 0;
  for (let i = sizes.length - 2; i >= 0 && total * 2 >= (sizes[i] as number); i--) {
    total += sizes[i] as number;
    count++;
  }
  return count;
}
