import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** A file that frames are appended to. */
export type ChangeLog = {
  file: string;
  /** Appends a frame completely, or throws and leaves the log as it was. */
  append(frame: Uint8Array): void;
  bytes(): number;
  /** Resolves when everything appended before the call is on the disk. */
  sync(): Promise<void>;
  close(): void;
};

export const logName = (number: number): string =>
  `changes-${String(number).padStart(12, "0")}.log`;
export const segmentName = (number: number): string =>
  `segment-${String(number).padStart(12, "0")}.data`;
export const fileNumber = (name: string): number => Number(/-(\d{12})\./.exec(name)?.[1] ?? 0);

/** Creates a log. Throws when the file exists. */
export function createLog(dir: string, file: string): ChangeLog {
  const descriptor = openSync(path.join(dir, file), "ax", 0o600);
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

/** Removes what a log has after an offset, on the disk when this returns: the frames that come next have the same numbers. */
export function cutLog(file: string, offset: number): void {
  const descriptor = openSync(file, "r+");
  try {
    ftruncateSync(descriptor, offset);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
