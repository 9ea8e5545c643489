import { crc32 } from "node:zlib";

/** A change of the store: a key's new value, or null when the key was deleted. */
export type StoredChange = { key: string; value: Uint8Array | null };
export type ChangeFrame = {
  offset: number;
  bytes: number;
  sequence: number;
  changes: StoredChange[];
};

/** "OKf2": a reader that looks for the next frame after damage looks for these bytes. */
export const FRAME_MAGIC = Buffer.from("OKf2", "latin1");
/** Magic (4), payload length (4), sequence number (6), zero (2), CRC-32 of the twelve bytes before it and of the payload (4). */
export const FRAME_HEAD_BYTES = 20;
/** Lengths of key and value (4 each), and 1 where there is a value (1). */
const CHANGE_HEAD_BYTES = 9;

export const changeBytes = (key: string, value: Uint8Array | null): number =>
  CHANGE_HEAD_BYTES + Buffer.byteLength(key) + (value?.length ?? 0);

/** Encodes changes as one frame: it is read completely or not at all. */
export function encodeFrame(
  changes: Iterable<[string, Uint8Array | null]>,
  sequence: number,
): Buffer {
  const entries = [...changes];
  let size = FRAME_HEAD_BYTES;
  for (const [key, value] of entries) size += changeBytes(key, value);
  const frame = Buffer.allocUnsafe(size);
  let at = FRAME_HEAD_BYTES;
  for (const [key, value] of entries) {
    const keyBytes = frame.write(key, at + CHANGE_HEAD_BYTES, "utf8");
    at = frame.writeUInt32LE(keyBytes, at);
    at = frame.writeUInt32LE(value?.length ?? 0, at);
    at = frame.writeUInt8(value === null ? 0 : 1, at);
    at += keyBytes;
    if (value !== null) {
      frame.set(value, at);
      at += value.length;
    }
  }
  frame.set(FRAME_MAGIC, 0);
  frame.writeUInt32LE(size - FRAME_HEAD_BYTES, 4);
  frame.writeUIntLE(sequence, 8, 6);
  frame.writeUInt16LE(0, 14);
  frame.writeUInt32LE(checksumOf(frame), 16);
  return frame;
}

/** The length in bytes that a frame's head states, head included; null where no frame begins. */
export function frameLength(head: Buffer): number | null {
  if (head.length < FRAME_HEAD_BYTES || head.compare(FRAME_MAGIC, 0, 4, 0, 4) !== 0) return null;
  return FRAME_HEAD_BYTES + head.readUInt32LE(4);
}

/** Decodes a complete frame; null when its checksum is wrong. */
export function decodeFrame(frame: Buffer, offset: number): ChangeFrame | null {
  if (frameLength(frame) !== frame.length || checksumOf(frame) !== frame.readUInt32LE(16))
    return null;
  const changes: StoredChange[] = [];
  for (let at = FRAME_HEAD_BYTES; at < frame.length;) {
    const keyEnd = at + CHANGE_HEAD_BYTES + frame.readUInt32LE(at);
    const valueEnd = keyEnd + frame.readUInt32LE(at + 4);
    const hasValue = frame[at + 8] === 1;
    const key = frame.toString("utf8", at + CHANGE_HEAD_BYTES, keyEnd);
    changes.push({ key, value: hasValue ? frame.subarray(keyEnd, valueEnd) : null });
    at = valueEnd;
  }
  return { offset, bytes: frame.length, sequence: frame.readUIntLE(8, 6), changes };
}

const checksumOf = (frame: Buffer): number =>
  crc32(frame.subarray(FRAME_HEAD_BYTES), crc32(frame.subarray(4, 16)));
