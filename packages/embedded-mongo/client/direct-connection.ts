import { connect, type Socket } from "node:net";
import { deserialize, serialize, type Document } from "bson";
import { createFramer } from "../protocol/message-framer";

/** A connection of our own to the embedded server, beside the driver's: for the few commands that every request waits for. */
export type DirectConnection = {
  /** Whether a command would go out at once. Where not, a connection is being made meanwhile. */
  isOpen(): boolean;
  /** Sends a command and gives its answer, an error's too. Rejects with AnswerLost. */
  run(command: Document): Promise<Document>;
  close(): void;
};

/** A command was sent and its answer did not come: what it writes may be written or not. */
export class ResponseLostError extends Error {
  /** As Node names a connection that ended: whoever handles lost connections handles this one. */
  readonly code = "ECONNRESET";
}

type PendingCommand = { resolve: (answer: Document) => void; reject: (error: Error) => void };

const OP_MSG = 2013;
const ID_MAX = 0x7fffffff;
/** A message's header, its flags, and the kind of its one section. */
const HEAD_BYTES = 21;
/** A server that says nothing for so long is given up, as the driver would. */
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
    const opened = connect(socketPath);
    const read = createFramer(take);
    opened.on("connect", () => (isOpen = true));
    opened.on("data", (piece: Buffer) => {
      try {
        if (!read(piece)) opened.destroy();
      } catch {
        // An answer that cannot be read is as good as lost, and so is what comes after it.
        opened.destroy();
      }
    });
    opened.setTimeout(silenceMs, () => {
      if (waiting.size > 0) opened.destroy();
    });
    opened.on("error", () => opened.destroy());
    opened.on("close", () => {
      [socket, isOpen] = [null, false];
      const lost = [...waiting.values()];
      waiting.clear();
      for (const { reject } of lost)
        reject(new ResponseLostError("The database went away before it answered."));
    });
    return opened;
  };

  return {
    isOpen: () => {
      if (!isClosed) socket ??= open();
      return isOpen;
    },
    run: (command) =>
      new Promise((resolve, reject) => {
        if (!socket || !isOpen) return reject(new ResponseLostError("The database is not there."));
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

/** A command as one message, by an id that its answer names. */
export function encodeCommand(command: Document, id: number): Buffer {
  const body = serialize(command, { ignoreUndefined: true });
  const message = Buffer.alloc(HEAD_BYTES + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(id, 4);
  message.writeInt32LE(OP_MSG, 12);
  message.set(body, HEAD_BYTES);
  return message;
}
