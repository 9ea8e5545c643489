import type { Socket } from "node:net";
import { encodeMessage, HEADER_BYTES, MESSAGE_BYTES_MAX, parseMessage, type Message } from "./wire";

/** Reads messages off a socket and answers them; a client that does not speak the protocol is disconnected. */
export function serveConnection(socket: Socket, answer: (message: Message) => Promise<Uint8Array>): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let needed = HEADER_BYTES;

  const handle = (whole: Buffer) => {
    const message = parseMessage(whole);
    void answer(message).then(
      (body) => {
        if (!message.moreToCome && !socket.destroyed) socket.write(encodeMessage(message, body));
      },
      () => socket.destroy(),
    );
  };

  const drain = () => {
    while (bytes >= needed) {
      const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      pieces = [all];
      const size = all.readInt32LE(0);
      if (size < HEADER_BYTES || size > MESSAGE_BYTES_MAX) return void socket.destroy();
      if (bytes < size) {
        needed = size;
        return;
      }
      handle(all.subarray(0, size));
      pieces = size < all.length ? [all.subarray(size)] : [];
      bytes -= size;
      needed = HEADER_BYTES;
    }
  };

  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    pieces.push(chunk);
    bytes += chunk.length;
    try {
      drain();
    } catch {
      // Whatever cannot be read as a message ends this connection, and only this one.
      socket.destroy();
    }
  });
}
