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
      const needed = frameLength(pending) ?? FRAME_HEAD_BYTES;
      if (pending.length >= FRAME_HEAD_BYTES && frameLength(pending) === null)
        return { offset, fileBytes };
      if (pending.length < needed || pending.length < FRAME_HEAD_BYTES) {
        const more = readAt(
          descriptor,
          offset + pending.length,
          Math.max(needed - pending.length, READ_BYTES),
          fileBytes,
        );
        if (more.length === 0) return { offset, fileBytes };
        pending = Buffer.concat([pending, more]);
        continue;
      }
      const frame = decodeFrame(pending.subarray(0, needed), offset);
      if (!frame) return { offset, fileBytes };
      yield frame;
      offset += needed;
      pending = pending.subarray(needed);
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
  const wanted = Math.max(0, Math.min(bytes, fileBytes - offset));
  const buffer = Buffer.allocUnsafe(wanted);
  let filled = 0;
  while (filled < wanted) {
    const read = readSync(descriptor, buffer, filled, wanted - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
