import { cpSync, existsSync, truncateSync } from "node:fs";
import path from "node:path";
import { readMark } from "../storage/commit-mark";
import { readManifest } from "../storage/directory-manifest";
import { readFrames } from "../storage/frame-reader";

/**
 * Copies a data directory as a power cut at this moment leaves it at the least: its logs up to the last frame of which fsync
 * says that it is on the disk. Only for a server in this process, which writes nothing meanwhile.
 */
export function copyWhatIsOnDisk(dir: string, copy: string): string {
  cpSync(dir, copy, { recursive: true, filter: (file) => !/\.(sock|pid)$/.test(file) });
  const syncedSequence = readMark(copy);
  for (const log of readManifest(copy)?.logs ?? []) {
    const file = path.join(copy, log);
    if (!existsSync(file)) continue;
    let end = 0;
    for (const { sequence, offset, bytes } of readFrames(file))
      if (sequence <= syncedSequence) end = offset + bytes;
    truncateSync(file, end);
  }
  return copy;
}
