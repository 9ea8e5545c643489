import { deserialize, type Document } from "bson";
import { connect } from "node:net";
import { encodeCommand } from "./direct-connection";

/** Sends one command as one OP_MSG, without the driver and its sessions: for tests of the protocol. */
export async function sendRaw(socketPath: string, command: Document): Promise<Document> {
  const reply = await sendBytes(socketPath, messageOf(command));
  return deserialize(reply.subarray(21));
}

export const messageOf = (command: Document): Buffer => encodeCommand(command, 1);

/** Sends bytes and returns the first complete message that comes back; empty when the connection is closed. */
export function sendBytes(socketPath: string, bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect(socketPath, () => socket.write(bytes));
    socket.on("data", (data: Buffer) => {
      pieces.push(data);
      const all = Buffer.concat(pieces);
      if (all.length < 4 || all.length < all.readInt32LE(0)) return;
      socket.destroy();
      resolve(all);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.alloc(0)));
  });
}
