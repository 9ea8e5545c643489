import { constants, copyFile, open } from "node:fs/promises";
import path from "node:path";
import type { ChangeJournal } from "./change-journal";
import { makeEmptyDirectory } from "./check-directory";
import { createMark } from "./commit-mark";
import { saveManifest } from "./directory-manifest";

/**
 * Copies everything acknowledged before the call to a new directory while the server runs; returns how many bytes. The copy may
 * also hold changes that were acknowledged during the copy. `checkStopped` checks it, in another process: that takes long.
 */
export async function backUpDirectory(
  journal: ChangeJournal,
  dir: string,
  target: string,
): Promise<number> {
  makeEmptyDirectory(target);
  await journal.checkpoint();
  journal.check();
  const { manifest, sequence, release } = await journal.hold();
  let bytes = 0;
  try {
    for (const file of [...manifest.segments.map((segment) => segment.file), ...manifest.logs]) {
      const copy = path.join(target, file);
      await copyFile(path.join(dir, file), copy, constants.COPYFILE_FICLONE);
      const handle = await open(copy, "r+");
      await handle.sync();
      bytes += (await handle.stat()).size;
      await handle.close();
    }
    createMark(target, sequence);
    saveManifest(target, manifest);
    return bytes;
  } finally {
    release();
  }
}
