import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { DamagedDataError } from "./damaged-data-error";

export const MARK_FILE = "committed.mark";
const MARK_BYTES = 12;

/**
 * The sequence number of the last frame that is on the disk, in a file next to the logs: a log that ends before it has lost
 * acknowledged changes, one that ends after it was cut in a write that was never acknowledged.
 */
export type CommitMark = { save(sequence: number): void; close(): void };

export function openMark(dir: string): CommitMark {
  const descriptor = openSync(path.join(dir, MARK_FILE), "r+");
  return {
    save: (sequence) => writeSync(descriptor, encodeMark(sequence), 0, MARK_BYTES, 0),
    close: () => closeSync(descriptor),
  };
}

/** A power cut leaves the complete file or none. */
export function createMark(dir: string, sequence: number): void {
  const file = path.join(dir, MARK_FILE);
  const descriptor = openSync(`${file}.new`, "w", 0o600);
  try {
    writeSync(descriptor, encodeMark(sequence));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
}

/** The mark of a directory. Throws DamagedDataError where it is missing or cannot be read. */
export function readMark(dir: string): number {
  let bytes: Buffer | null;
  try {
    bytes = readFileSync(path.join(dir, MARK_FILE));
  } catch {
    bytes = null;
  }
  if (bytes?.length === MARK_BYTES && crc32(bytes.subarray(0, 8)) === bytes.readUInt32LE(8))
    return bytes.readUIntLE(0, 6);
  throw new DamagedDataError({
    file: MARK_FILE,
    offset: bytes ? 0 : null,
    reason: bytes ? "its checksum is wrong" : "it is missing",
    loss: "It says how far the logs must reach, so it is not known whether they are complete.",
  });
}

function encodeMark(sequence: number): Buffer {
  const mark = Buffer.alloc(MARK_BYTES);
  mark.writeUIntLE(sequence, 0, 6);
  mark.writeUInt32LE(crc32(mark.subarray(0, 8)), 8);
  return mark;
}
