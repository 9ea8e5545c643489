import { realpathSync } from "node:fs";
import { socketPathOf } from "./client/location";
import { checkDirectory, salvageDirectory, type DirectoryReport } from "./storage/check-directory";
import { takeLock } from "./storage/directory-lock";

/** Checks a data directory that no server uses. Throws with `code` "ALREADY_OWNED" while one does. */
export const checkStopped = (dir: string): Promise<DirectoryReport> =>
  whileStopped(dir, () => checkDirectory(dir));

/** Writes what can be read of a data directory that no server uses to a new directory. Throws as `checkStopped` does. */
export const salvageStopped = (dir: string, target: string): Promise<DirectoryReport> =>
  whileStopped(dir, () => salvageDirectory(dir, target));

async function whileStopped<T>(dir: string, work: () => T | Promise<T>): Promise<T> {
  const release = await takeLock(realpathSync(dir), socketPathOf(dir));
  try {
    return await work();
  } finally {
    release();
  }
}
