import type { Socket } from "node:net";
import { createFramer } from "./message-framer";
import { encodeMessage, parseMessage, type WireMessage } from "./wire-message";

/** Reads messages off a socket and answers them; a client that does not speak the protocol is disconnected. */
export function serveConnection(
  socket: Socket,
  answer: (message: WireMessage) => Promise<Uint8Array>,
): void {
  const read = createFramer((whole) => {
    const message = parseMessage(whole);
    void answer(message).then(
      (body) => {
        if (!message.moreToCome && !socket.destroyed) socket.write(encodeMessage(message, body));
      },
      () => socket.destroy(),
    );
  });
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece: Buffer) => {
    try {
      if (!read(piece)) socket.destroy();
    } catch {
      // Whatever cannot be read as a message ends this connection, and only this one.
      socket.destroy();
    }
  });
}
