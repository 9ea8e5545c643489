import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

/** A change of the store: a key's new value, or null when it is gone. */
export type StoredChange = { key: string; value: Uint8Array | null };

const NAME = /^changes-(\d{12})\.log$/;
const FRAME_HEAD = 8;
const CHANGE_HEAD = 9;

/**
 * Changes as they are acknowledged, appended to a file: a frame holds those of one turn of the event loop, and is there whole
 * or not at all. Frame: length and CRC-32 of the rest; change: lengths of key and value, 1 for a value, key, value.
 */
export function encodeFrame(changes: Map<string, Uint8Array | null>): Buffer {
  let size = FRAME_HEAD;
  for (const [key, value] of changes)
    size += CHANGE_HEAD + Buffer.byteLength(key) + (value?.length ?? 0);
  const frame = Buffer.allocUnsafe(size);
  let at = FRAME_HEAD;
  for (const [key, value] of changes) {
    at = frame.writeUInt32LE(Buffer.byteLength(key), at);
    at = frame.writeUInt32LE(value?.length ?? 0, at);
    at = frame.writeUInt8(value === null ? 0 : 1, at);
    at += frame.write(key, at, "utf8");
    if (value !== null) {
      frame.set(value, at);
      at += value.length;
    }
  }
  frame.writeUInt32LE(size - FRAME_HEAD, 0);
  frame.writeUInt32LE(crc32(frame.subarray(FRAME_HEAD)), 4);
  return frame;
}

/** The changes of a file in their order, up to the first frame that is not whole: its write was never acknowledged. */
export function* decodeFrames(file: Buffer): Generator<StoredChange> {
  for (let at = 0; at + FRAME_HEAD <= file.length;) {
    const end = at + FRAME_HEAD + file.readUInt32LE(at);
    if (
      end > file.length ||
      crc32(file.subarray(at + FRAME_HEAD, end)) !== file.readUInt32LE(at + 4)
    )
      return;
    for (let place = at + FRAME_HEAD; place < end;) {
      const [keyBytes, valueBytes] = [file.readUInt32LE(place), file.readUInt32LE(place + 4)];
      const hasValue = file[place + 8] === 1;
      place += CHANGE_HEAD;
      const key = file.toString("utf8", place, place + keyBytes);
      place += keyBytes;
      yield { key, value: hasValue ? file.subarray(place, place + valueBytes) : null };
      place += valueBytes;
    }
    at = end;
  }
}

export type ChangeLog = {
  append(frame: Buffer): void;
  bytes(): number;
  sync(): Promise<void>;
  close(): void;
};

/** Begins a new file after those that are there. */
export function beginLog(dir: string): ChangeLog & { file: string } {
  const last = listLogs(dir).at(-1);
  const number = last === undefined ? 1 : Number(NAME.exec(path.basename(last))?.[1]) + 1;
  const file = path.join(dir, `changes-${String(number).padStart(12, "0")}.log`);
  const descriptor = openSync(file, "ax", 0o600);
  let bytes = 0;
  let isTorn = false;
  return {
    file,
    append: (frame) => {
      // A part of a frame that did not fit would hide the frames after it.
      if (isTorn) ftruncateSync(descriptor, bytes);
      isTorn = true;
      for (let at = 0; at < frame.length;) at += writeSync(descriptor, frame, at);
      isTorn = false;
      bytes += frame.length;
    },
    bytes: () => bytes,
    sync: () =>
      new Promise((resolve, reject) =>
        fdatasync(descriptor, (error) => (error ? reject(error) : resolve())),
      ),
    close: () => closeSync(descriptor),
  };
}

/** The files that are there, oldest first. */
export const listLogs = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => path.join(dir, name));

export const readLog = (file: string): Generator<StoredChange> => decodeFrames(readFileSync(file));
export const removeLog = (file: string): void => rmSync(file, { force: true });
