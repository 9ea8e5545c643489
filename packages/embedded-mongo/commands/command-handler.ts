import type { CursorTable } from "./cursor-table";
import type { CommandReply } from "../protocol/command-reply";
import type { WriteHistory } from "./write-history";
import type { DocumentStore } from "../storage/document-store";
import type { BsonDocument } from "../values/values";

export type CommandContext = {
  store: DocumentStore;
  cursors: CursorTable;
  history: WriteHistory;
  address: string;
  /** How full the memory is, from 0 to 1. */
  pressure: () => number;
  /** The data directory. */
  dir: string;
  /** A different object for each connection. */
  connection: object;
  /** The BSON of the command, and of the documents in addition to it by the field they belong to. */
  body: Uint8Array;
  sequences: Map<string, Uint8Array[]>;
};
/** Runs a command in one step, in memory. Its changes are acknowledged when they are committed. */
export type CommandHandler = (command: BsonDocument, context: CommandContext) => CommandReply;
/** Runs a command that may take long, with other commands in between. */
export type InterruptibleHandler = (
  command: BsonDocument,
  context: CommandContext,
) => Promise<CommandReply>;
