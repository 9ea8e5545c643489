import { backUp, compact } from "./directory";
import { buildInfo, endSessions, hello, ping, serverStatus } from "./admin";
import {
  create,
  createIndexes,
  drop,
  dropDatabase,
  dropIndexes,
  listCollections,
  listDatabases,
  listIndexes,
} from "./catalog";
import { findAndModify } from "./find-and-modify";
import type { CommandHandler, InterruptibleHandler } from "./command-handler";
import { aggregate, count, distinct, find, getMore, killCursors } from "./read";
import { insert, remove, update } from "./write";

/** The supported commands, with those of `INTERRUPTIBLE`; every other is CommandNotFound. */
export const COMMANDS: ReadonlyMap<string, CommandHandler> = new Map<string, CommandHandler>([
  ["hello", hello],
  ["isMaster", hello],
  ["ismaster", hello],
  ["ping", ping],
  ["buildInfo", buildInfo],
  ["buildinfo", buildInfo],
  ["serverStatus", serverStatus],
  ["endSessions", endSessions],
  ["killSessions", ping],
  ["refreshSessions", ping],
  ["find", find],
  ["getMore", getMore],
  ["killCursors", killCursors],
  ["count", count],
  ["distinct", distinct],
  ["insert", insert],
  ["update", update],
  ["delete", remove],
  ["findAndModify", findAndModify],
  ["findandmodify", findAndModify],
  ["create", create],
  ["drop", drop],
  ["dropDatabase", dropDatabase],
  ["createIndexes", createIndexes],
  ["dropIndexes", dropIndexes],
  ["listIndexes", listIndexes],
  ["listCollections", listCollections],
  ["listDatabases", listDatabases],
]);

export const INTERRUPTIBLE: ReadonlyMap<string, InterruptibleHandler> = new Map([
  ["aggregate", aggregate],
  ["embeddedBackup", backUp],
  ["embeddedCompact", compact],
]);

export const WRITES: ReadonlySet<string> = new Set(
  "insert update delete findAndModify findandmodify create drop dropDatabase createIndexes dropIndexes endSessions".split(
    " ",
  ),
);
/** Commands that read documents (as those of `INTERRUPTIBLE` do): rejected while the disk is full. */
export const READS: ReadonlySet<string> = new Set(
  "find getMore count distinct listIndexes listCollections listDatabases".split(" "),
);
/** Commands of MongoDB that are not supported, as opposed to unknown ones. */
export const UNSUPPORTED: ReadonlySet<string> = new Set(
  "commitTransaction abortTransaction explain renameCollection mapReduce bulkWrite collMod".split(
    " ",
  ),
);
