import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { DamagedDataError } from "./damaged-data-error";

/** A sealed file of the latest values at a checkpoint. */
export type SegmentEntry = { file: string; bytes: number; frames: number };
/**
 * What belongs to a data directory. Frames up to `checkpoint` are in the segments, oldest first; later ones are in the logs, in
 * order. A file that is not listed holds nothing that was acknowledged.
 */
export type DirectoryManifest = {
  format: 2;
  checkpoint: number;
  segments: SegmentEntry[];
  logs: string[];
};

export const MANIFEST_FILE = "manifest.json";
const DATA_FILE = /^(changes|segment)-\d{12}\.(log|data)$/;
export const isDataFile = (name: string): boolean => DATA_FILE.test(name);

/** The manifest of a directory; null where there is none. Throws DamagedDataError for one that cannot be read. */
export function readManifest(dir: string): DirectoryManifest | null {
  const file = path.join(dir, MANIFEST_FILE);
  if (!existsSync(file)) return null;
  const text = readFileSync(file, "utf8");
  const [body = "", checksum = "", end] = text.split("\n");
  if (checksum !== checksumOf(body) || end !== "")
    throw new DamagedDataError({
      file: MANIFEST_FILE,
      offset: 0,
      reason: "its checksum is wrong",
      loss: "It lists the files of the database, so none of them can be trusted to be complete.",
    });
  const manifest = JSON.parse(body) as DirectoryManifest;
  if (manifest.format !== 2)
    throw new Error(
      `The data directory has the format ${String(manifest.format)}. Use a newer version of OneKey.`,
    );
  return manifest;
}

/** Replaces the manifest in one step, on the disk when this returns. Leaves the earlier one where it cannot. */
export function saveManifest(dir: string, manifest: DirectoryManifest): void {
  const file = path.join(dir, MANIFEST_FILE);
  const body = JSON.stringify(manifest);
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, "w", 0o600);
  try {
    writeAll(descriptor, Buffer.from(`${body}\n${checksumOf(body)}\n`));
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  syncDirectory(dir);
}

/** Makes created, renamed and deleted names of a directory survive a power cut. */
export function syncDirectory(dir: string): void {
  // Windows has no fsync of a directory.
  if (process.platform === "win32") return;
  const descriptor = openSync(dir, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

const checksumOf = (body: string): string => crc32(body).toString(16).padStart(8, "0");
