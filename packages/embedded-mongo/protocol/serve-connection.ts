import type { Socket } from "node:net";
import { createFramer } from "./message-framer";
import { encodeMessage, parseMessage, type WireMessage } from "./wire-message";

/** Reads messages from a socket and replies to them; a client that does not speak the protocol is disconnected. */
export function serveConnection(
  socket: Socket,
  respond: (message: WireMessage) => Promise<Uint8Array>,
): void {
  const read = createFramer((bytes) => {
    const message = parseMessage(bytes);
    void respond(message).then(
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
      // A message that cannot be read ends this connection and no other.
      socket.destroy();
    }
  });
}
