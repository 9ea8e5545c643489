import path from "node:path";
import { badValue } from "../command-error";
import { backUpDirectory } from "../storage/back-up-directory";
import type { InterruptibleHandler } from "./command-handler";
import { checkOptions } from "./options";

/** Not a command of MongoDB: copies the data directory to the new directory `to` while requests go on. */
export const backUp: InterruptibleHandler = async (command, { store, dir }) => {
  checkOptions(command, "embeddedBackup", ["to"]);
  const { to } = command;
  if (typeof to !== "string" || !path.isAbsolute(to))
    throw badValue("'to' has to be an absolute path");
  return { fields: { bytes: await backUpDirectory(store.journal, dir, to) } };
};

/** Not a command of MongoDB: writes everything to one file without values that were replaced or deleted. */
export const compact: InterruptibleHandler = async (command, { store }) => {
  checkOptions(command, "embeddedCompact", []);
  const bytesBefore = store.journal.bytesOnDisk();
  await store.journal.checkpoint({ mergeAll: true });
  store.journal.check();
  return { fields: { bytesBefore, bytesAfter: store.journal.bytesOnDisk() } };
};
