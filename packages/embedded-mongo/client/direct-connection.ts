import { connect, type Socket } from "node:net";
import { deserialize, serialize, type Document } from "bson";
import { createFramer } from "../protocol/message-framer";

/** A connection to the embedded server in addition to the driver's: for the few commands that every request waits for. */
export type DirectConnection = {
  /** Whether a command can be sent now. Where not, a connection is being connection. */
  isOpen(): boolean;
  /**
   * Sends a command and returns its reply, also one that states an error. Documents of an insert come separately: the server
   * stores their BSON as it was sent. Rejects with ResponseLostError.
   */
  run(command: Document, documents?: Document[]): Promise<Document>;
  close(): void;
};

/** A command was sent and its reply was lost: its changes may be written or not. */
export class ResponseLostError extends Error {
  /** Node's code of a connection that ended, so that whoever handles those handles this. */
  readonly code = "ECONNRESET";
}

type PendingCommand = { resolve: (reply: Document) => void; reject: (error: Error) => void };

const OP_MSG = 2013;
const ID_MAX = 0x7fffffff;
/** A message's header, its flags, and the kind of its one section. */
const HEAD_BYTES = 21;
/** A server that is silent for this long is given up. */
const SILENCE_MS = 10_000;

export function openDirect(socketPath: string, { silenceMs = SILENCE_MS } = {}): DirectConnection {
  const waiting = new Map<number, PendingCommand>();
  let socket: Socket | null = null;
  let [isOpen, isClosed, lastId] = [false, false, 0];

  const take = (message: Buffer) => {
    const id = message.readInt32LE(8);
    waiting.get(id)?.resolve(deserialize(message.subarray(HEAD_BYTES)));
    waiting.delete(id);
  };

  const open = () => {
    const connection = connect(socketPath);
    const read = createFramer(take);
    connection.on("connect", () => (isOpen = true));
    connection.on("data", (piece: Buffer) => {
      try {
        if (!read(piece)) connection.destroy();
      } catch {
        // A reply that cannot be read is lost, and so is everything after it.
        connection.destroy();
      }
    });
    connection.setTimeout(silenceMs, () => {
      if (waiting.size > 0) connection.destroy();
    });
    connection.on("error", () => connection.destroy());
    connection.on("close", () => {
      [socket, isOpen] = [null, false];
      const pending = [...waiting.values()];
      waiting.clear();
      for (const { reject } of pending)
        reject(new ResponseLostError("The database closed the connection before it replied."));
    });
    return connection;
  };

  return {
    isOpen: () => {
      if (!isClosed) socket ??= open();
      return isOpen;
    },
    run: (command, documents) =>
      new Promise((resolve, reject) => {
        if (!socket || !isOpen)
          return reject(new ResponseLostError("The database is not connected."));
        const id = (lastId = (lastId % ID_MAX) + 1);
        const message = encodeCommand(command, id, documents);
        waiting.set(id, { resolve, reject });
        socket.write(message);
      }),
    close: () => {
      isClosed = true;
      socket?.destroy();
    },
  };
}

const OPTIONS = { ignoreUndefined: true };
/** The kind of a section that holds a sequence of documents, its length, and the name of the field that they stand for. */
const SEQUENCE_NAME = Buffer.from("documents\0", "latin1");
const SEQUENCE_HEAD_BYTES = 5 + SEQUENCE_NAME.length;

/**
 * A command as one message, with an id that its reply repeats; documents are a separate section
 * (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#op_msg).
 */
export function encodeCommand(command: Document, id: number, documents?: Document[]): Buffer {
  const body = serialize(command, OPTIONS);
  const parts = documents?.map((document) => serialize(document, OPTIONS)) ?? [];
  const sequenceBytes = parts.reduce((total, part) => total + part.length, SEQUENCE_HEAD_BYTES);
  let at = HEAD_BYTES + body.length;
  const message = Buffer.allocUnsafe(at + (documents ? sequenceBytes : 0)).fill(0, 0, HEAD_BYTES);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(id, 4);
  message.writeInt32LE(OP_MSG, 12);
  message.set(body, HEAD_BYTES);
  if (!documents) return message;
  at = message.writeUInt8(1, at);
  // The length counts itself and what follows, not the kind.
  at = message.writeInt32LE(sequenceBytes - 1, at);
  message.set(SEQUENCE_NAME, at);
  at += SEQUENCE_NAME.length;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}
