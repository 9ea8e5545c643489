import { connect, type Socket } from "node:net";
import { deserialize, serialize, type Document } from "bson";
import { createFramer } from "../protocol/message-framer";

/** A connection to the embedded server in addition to the driver's: for the few commands that every request waits for. */
export type DirectConnection = {
  /** Whether a command can be sent now. Where not, a connection is being connection. */
  isOpen(): boolean;
  /** Sends a command and returns its reply, also one that states an error. Rejects with ResponseLostError. */
  run(command: Document): Promise<Document>;
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
    run: (command) =>
      new Promise((resolve, reject) => {
        if (!socket || !isOpen)
          return reject(new ResponseLostError("The database is not connected."));
        const id = (lastId = (lastId % ID_MAX) + 1);
        const message = encodeCommand(command, id);
        waiting.set(id, { resolve, reject });
        socket.write(message);
      }),
    close: () => {
      isClosed = true;
      socket?.destroy();
    },
  };
}

/** A command as one message, with an id that its reply repeats. */
export function encodeCommand(command: Document, id: number): Buffer {
  const body = serialize(command, { ignoreUndefined: true });
  const message = Buffer.alloc(HEAD_BYTES + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(id, 4);
  message.writeInt32LE(OP_MSG, 12);
  message.set(body, HEAD_BYTES);
  return message;
}
