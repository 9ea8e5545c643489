import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { createMark } from "./commit-mark";
import { DamagedDataError } from "./damaged-data-error";
import {
  isDataFile,
  readManifest,
  saveManifest,
  type DirectoryManifest,
} from "./directory-manifest";
import { adoptEarlierFormat, isEarlierFormat } from "./earlier-format";
import { findNextFrame, readFrames } from "./frame-reader";
import { fileNumber, segmentName } from "./change-log";
import { readDirectory } from "./read-directory";
import { writeSegment } from "./segment";

export type DirectoryReport = { documents: number; bytes: number; damages: DamagedDataError[] };

/** Reads a data directory completely and reports every damage. Changes nothing; no server may be using the directory. */
export function checkDirectory(dir: string): DirectoryReport {
  const { values, damages } = readWhatIsLeft(dir);
  return summarize(values, damages);
}

/**
 * Writes everything that can be read from a damaged data directory to a new, empty one, which a server can then open. Where
 * changes are missing, a document has the last value that can be read. Changes nothing in the damaged directory.
 */
export async function salvageDirectory(dir: string, target: string): Promise<DirectoryReport> {
  makeEmptyDirectory(target);
  if (isEarlierFormat(dir)) {
    for (const name of readdirSync(dir))
      if (isDataFile(name) || name === "database.mdb")
        copyFileSync(path.join(dir, name), path.join(target, name));
    await adoptEarlierFormat(target);
    return checkDirectory(target);
  }
  const { values, damages } = readWhatIsLeft(dir);
  const segment = await writeSegment(target, segmentName(1), entriesOf(values));
  createMark(target, 0);
  saveManifest(target, { format: 2, checkpoint: 0, segments: [segment], logs: [] });
  return summarize(values, damages);
}

/** Creates a directory that only its owner may read. Throws where it has files. */
export function makeEmptyDirectory(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (readdirSync(dir).length > 0)
    throw new Error(`The directory ${dir} is not empty. Name a new one.`);
}

function readWhatIsLeft(dir: string): {
  values: Map<string, Uint8Array>;
  damages: DamagedDataError[];
} {
  const values = new Map<string, Uint8Array>();
  const damages: DamagedDataError[] = [];
  const apply = ({ key, value }: { key: string; value: Uint8Array | null }) => {
    if (value) values.set(key, Uint8Array.from(value));
    else values.delete(key);
  };
  const report = (damage: DamagedDataError) => void damages.push(damage);
  let manifest: DirectoryManifest | null = null;
  try {
    manifest = readManifest(dir);
    readDirectory({ dir, apply, report });
  } catch (error) {
    if (manifest || !(error instanceof DamagedDataError)) throw error;
    damages.push(error);
    // Without its list, the files are read in the order of their numbers: the order they were created in.
    for (const file of dataFiles(dir)) readEveryFrame(path.join(dir, file), apply);
  }
  return { values, damages };
}

const dataFiles = (dir: string): string[] =>
  readdirSync(dir)
    .filter(isDataFile)
    .toSorted((a, b) => fileNumber(a) - fileNumber(b));

function readEveryFrame(
  file: string,
  apply: (change: { key: string; value: Uint8Array | null }) => void,
): void {
  for (let from: number | null = 0; from !== null;) {
    const reader = readFrames(file, from);
    let step = reader.next();
    for (; !step.done; step = reader.next()) step.value.changes.forEach(apply);
    from =
      step.value.offset < step.value.fileBytes ? findNextFrame(file, step.value.offset + 1) : null;
  }
}

function* entriesOf(
  values: Map<string, Uint8Array>,
): Generator<{ key: string; value: Uint8Array }> {
  for (const [key, value] of values) yield { key, value };
}

function summarize(values: Map<string, Uint8Array>, damages: DamagedDataError[]): DirectoryReport {
  let [documents, bytes] = [0, 0];
  for (const [key, { length }] of values) {
    if (key.startsWith("d\u0000")) documents++;
    bytes += length;
  }
  return { documents, bytes, damages };
}
