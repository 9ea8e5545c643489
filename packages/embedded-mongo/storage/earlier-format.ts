import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import type { StoredChange } from "./change-frame";
import { fileNumber, segmentName } from "./change-log";
import { createMark } from "./commit-mark";
import { DamagedDataError } from "./damaged-data-error";
import { MANIFEST_FILE, saveManifest } from "./directory-manifest";
import { writeSegment } from "./segment";

// Up to version 0.1 the latest values were in LMDB, and logs had frames without a sequence number. What such a directory holds is
// written in the current format once; its files are deleted when that is on the disk.

const LMDB_FILE = "database.mdb";
const LOG_FILE = /^changes-\d{12}\.log$/;
const FRAME_HEAD_BYTES = 8;
const CHANGE_HEAD_BYTES = 9;
/** Stands before each of the first five characters in a short key of the earliest versions. */
const ESCAPE = 4;
const MAP_BYTES = 64 * 1024 ** 3;

export const isEarlierFormat = (dir: string): boolean =>
  existsSync(path.join(dir, LMDB_FILE)) && !existsSync(path.join(dir, MANIFEST_FILE));

export async function adoptEarlierFormat(dir: string): Promise<void> {
  const logs = readdirSync(dir)
    .filter((name) => LOG_FILE.test(name))
    .toSorted();
  const values = new Map<string, Uint8Array>();
  for (const { key, value } of await readLmdb(path.join(dir, LMDB_FILE))) values.set(key, value);
  for (const [i, file] of logs.entries())
    for (const { key, value } of readEarlierLog(dir, file, i === logs.length - 1)) {
      if (value) values.set(key, value);
      else values.delete(key);
    }
  const number = Math.max(0, ...logs.map(fileNumber)) + 1;
  const file = segmentName(number);
  rmSync(path.join(dir, file), { force: true });
  const segment = await writeSegment(dir, file, changesOf(values));
  createMark(dir, 0);
  saveManifest(dir, { format: 2, checkpoint: 0, segments: [segment], logs: [] });
  for (const name of [LMDB_FILE, `${LMDB_FILE}-lock`, ...logs])
    rmSync(path.join(dir, name), { force: true });
}

function* changesOf(values: Map<string, Uint8Array>): Generator<StoredChange> {
  for (const [key, value] of values) yield { key, value };
}

/** LMDB is loaded here only: a directory in the current format never needs it. */
async function readLmdb(file: string): Promise<{ key: string; value: Uint8Array }[]> {
  const { open } = await import("lmdb");
  const database = open<Buffer, Uint8Array>({
    path: file,
    encoding: "binary",
    compression: false,
    keyEncoding: "binary",
    mapSize: MAP_BYTES,
  });
  const entries = [...database.getRange()].map(({ key, value }) => ({
    key: unescaped(key).toString("utf8"),
    value: Uint8Array.from(value),
  }));
  await database.close();
  return entries;
}

function unescaped(key: Uint8Array): Buffer {
  if (key[1] !== ESCAPE) return Buffer.from(key);
  const bytes: number[] = [];
  for (let at = 0; at < key.length; at++)
    bytes.push(key[at] === ESCAPE ? (key[++at] ?? 0) : (key[at] ?? 0));
  return Buffer.from(bytes);
}

/** The last log may end in an incomplete frame; any other damage throws. */
function* readEarlierLog(dir: string, file: string, isLast: boolean): Generator<StoredChange> {
  const bytes = readFileSync(path.join(dir, file));
  let at = 0;
  while (at + FRAME_HEAD_BYTES <= bytes.length) {
    const end = at + FRAME_HEAD_BYTES + bytes.readUInt32LE(at);
    if (
      end > bytes.length ||
      crc32(bytes.subarray(at + FRAME_HEAD_BYTES, end)) !== bytes.readUInt32LE(at + 4)
    )
      break;
    for (let place = at + FRAME_HEAD_BYTES; place < end;) {
      const keyEnd = place + CHANGE_HEAD_BYTES + bytes.readUInt32LE(place);
      const valueEnd = keyEnd + bytes.readUInt32LE(place + 4);
      const hasValue = bytes[place + 8] === 1;
      const key = bytes.toString("utf8", place + CHANGE_HEAD_BYTES, keyEnd);
      yield { key, value: hasValue ? bytes.subarray(keyEnd, valueEnd) : null };
      place = valueEnd;
    }
    at = end;
  }
  const isCutFrame =
    isLast &&
    at + FRAME_HEAD_BYTES <= bytes.length &&
    at + FRAME_HEAD_BYTES + bytes.readUInt32LE(at) > bytes.length;
  if (at === bytes.length || (isLast && (isCutFrame || at + FRAME_HEAD_BYTES > bytes.length)))
    return;
  throw new DamagedDataError({
    file,
    offset: at,
    reason: "its checksum is wrong",
    loss: "Every change after it would be lost.",
  });
}
