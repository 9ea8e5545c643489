import type { CursorTable } from "./cursor-table";
import type { CommandReply } from "../protocol/command-reply";
import type { WriteHistory } from "./write-history";
import type { DocumentStore } from "../storage/document-store";
import type { BsonDocument } from "../values/values";

export type CommandContext = {
  store: DocumentStore;
  cursors: CursorTable;
  answers: WriteHistory;
  address: string;
  /** The data directory. */
  dir: string;
  /** The BSON of documents that came beside the command, by the field they belong to. */
  sequences: Map<string, Uint8Array[]>;
};
/** Answers a command at once, from memory; what it writes is acknowledged when it is committed. */
export type CommandHandler = (command: BsonDocument, context: CommandContext) => CommandReply;
/** Answers a read that may take long, letting other commands in meanwhile. */
export type InterruptibleHandler = (
  command: BsonDocument,
  context: CommandContext,
) => Promise<CommandReply>;
