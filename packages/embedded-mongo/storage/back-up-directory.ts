import { constants, copyFileSync, existsSync, openSync, closeSync, fsyncSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChangeJournal } from "./change-journal";
import { checkDirectory, makeEmptyDirectory, type DirectoryReport } from "./check-directory";
import { createMark } from "./commit-mark";
import { saveManifest } from "./directory-manifest";

/**
 * Copies everything acknowledged before the call to a new directory while the server runs, and checks the copy. The copy may
 * also hold changes that were acknowledged during the copy.
 */
export async function backUpDirectory(
  journal: ChangeJournal,
  dir: string,
  target: string,
): Promise<DirectoryReport> {
  makeEmptyDirectory(target);
  await journal.checkpoint();
  const { manifest, sequence, release } = await journal.hold();
  try {
    for (const file of [...manifest.segments.map((segment) => segment.file), ...manifest.logs]) {
      const copy = path.join(target, file);
      if (!existsSync(path.join(dir, file)))
        throw new Error(`The file ${file} is missing. Run the check first.`);
      copyFileSync(path.join(dir, file), copy, constants.COPYFILE_FICLONE);
      syncFile(copy);
      await nextTurn();
    }
    createMark(target, sequence);
    saveManifest(target, manifest);
  } finally {
    release();
  }
  const report = checkDirectory(target);
  const [damage] = report.damages;
  if (damage) throw damage;
  return report;
}

function syncFile(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
