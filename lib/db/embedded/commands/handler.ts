import type { Cursors } from "../cursors";
import type { Reply } from "../reply";
import type { Answers } from "../retry";
import type { Store } from "../store";
import type { Doc } from "../values";

export type Context = {
  store: Store;
  cursors: Cursors;
  answers: Answers;
  address: string;
  /** The BSON of documents that came beside the command, by the field they belong to. */
  sequences: Map<string, Uint8Array[]>;
};
/** Answers a command at once, from memory; what it writes is acknowledged when it is committed. */
export type Handler = (command: Doc, context: Context) => Reply;
/** Answers a read that may take long, letting other commands in meanwhile. */
export type LongHandler = (command: Doc, context: Context) => Promise<Reply>;
