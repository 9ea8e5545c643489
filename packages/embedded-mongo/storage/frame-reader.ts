import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  decodeFrame,
  FRAME_HEAD_BYTES,
  FRAME_MAGIC,
  frameLength,
  type ChangeFrame,
} from "./change-frame";

/** Where the frames of a file stop being readable: at its end, or at an offset before it. */
export type FrameEnd = { offset: number; fileBytes: number };

const READ_BYTES = 1024 * 1024;

/**
 * Reads a file's frames from an offset to the first one that is not complete; returns where that is. A frame's values
 * share one buffer: copy what is kept.
 */
export function* readFrames(file: string, from = 0): Generator<ChangeFrame, FrameEnd> {
  const descriptor = openSync(file, "r");
  try {
    const fileBytes = fstatSync(descriptor).size;
    let offset = from;
    let pending = Buffer.alloc(0);
    for (;;) {
      const neededBytes = frameLength(pending) ?? FRAME_HEAD_BYTES;
      if (pending.length >= FRAME_HEAD_BYTES && frameLength(pending) === null)
        return { offset, fileBytes };
      if (pending.length < neededBytes || pending.length < FRAME_HEAD_BYTES) {
        const chunk = readAt(
          descriptor,
          offset + pending.length,
          Math.max(neededBytes - pending.length, READ_BYTES),
          fileBytes,
        );
        if (chunk.length === 0) return { offset, fileBytes };
        pending = Buffer.concat([pending, chunk]);
        continue;
      }
      const frame = decodeFrame(pending.subarray(0, neededBytes), offset);
      if (!frame) return { offset, fileBytes };
      yield frame;
      offset += neededBytes;
      pending = pending.subarray(neededBytes);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The offset of the next complete frame at or after an offset; null when there is none. Reads the rest of the file. */
export function findNextFrame(file: string, from: number): number | null {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bytes = readAt(descriptor, from, size - from, size);
    for (let at = bytes.indexOf(FRAME_MAGIC); at >= 0; at = bytes.indexOf(FRAME_MAGIC, at + 1)) {
      const length = frameLength(bytes.subarray(at));
      if (
        length !== null &&
        at + length <= bytes.length &&
        decodeFrame(bytes.subarray(at, at + length), from + at)
      )
        return from + at;
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function readAt(descriptor: number, offset: number, bytes: number, fileBytes: number): Buffer {
  const maxBytes = Math.max(0, Math.min(bytes, fileBytes - offset));
  const buffer = Buffer.allocUnsafe(maxBytes);
  let filledBytes = 0;
  while (filledBytes < maxBytes) {
    const read = readSync(
      descriptor,
      buffer,
      filledBytes,
      maxBytes - filledBytes,
      offset + filledBytes,
    );
    if (read === 0) break;
    filledBytes += read;
  }
  return buffer.subarray(0, filledBytes);
}
