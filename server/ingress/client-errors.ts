import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { refuseHttp2 } from "./refuse-http2";

/** The status of what Node's parser gave up on, by the code of its error. */
const STATUSES: Record<string, [number, string, string]> = {
  HPE_HEADER_OVERFLOW: [
    431,
    "Request Header Fields Too Large",
    "The request's headers are too large.",
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    413,
    "Payload Too Large",
    "The request's chunk extensions are too large.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout", "The request took too long to arrive."],
};
const BAD_REQUEST: [number, string, string] = [
  400,
  "Bad Request",
  "This is not a valid HTTP/1.1 request.",
];

/** https://nodejs.org/api/http.html#event-clienterror */
type ParserError = Error & { code?: string; bytesParsed?: number; rawPacket?: Buffer };

/** Responds to bytes that are no request, and to CONNECT, on the bare connection; the connection is closed after it. */
export function handleClientErrors(server: Server): void {
  server.on("clientError", (error: ParserError, socket: Duplex) => {
    // Bytes in the middle of a response would be read as a part of it.
    if (error.code === "ECONNRESET" || !socket.writable || isResponding(socket))
      return void socket.destroy();
    // Node's parser stops at the preface of HTTP/2.
    if (error.code === "HPE_PAUSED_H2_UPGRADE") {
      const bytes = error.rawPacket?.subarray(error.bytesParsed) ?? Buffer.alloc(0);
      refuseHttp2(socket, bytes);
    } else respond(socket, STATUSES[error.code ?? ""] ?? BAD_REQUEST);
  });
  server.on("connect", (_req, socket: Duplex) => {
    socket.on("error", () => {});
    respond(socket, [405, "Method Not Allowed", "CONNECT is not supported: this is no proxy."]);
  });
}

/** Whether Node has a response on this connection whose headers are sent; Node's own handler asks the same. */
function isResponding(
  socket: Duplex & { _httpMessage?: { headersSent: boolean } | null },
): boolean {
  return socket._httpMessage?.headersSent === true;
}

function respond(socket: Duplex, [status, reason, text]: [number, string, string]): void {
  const allow = status === 405 ? "Allow: GET, HEAD, POST, OPTIONS\r\n" : "";
  end(
    socket,
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text) + 1}\r\n${allow}Cache-Control: no-store\r\nConnection: close\r\n\r\n${text}\n`,
  );
}

function end(socket: Duplex, bytes: string): void {
  socket.end(bytes);
  // A peer that never closes its side would keep the connection.
  const timer = setTimeout(() => socket.destroy(), 2_000);
  socket.once("close", () => clearTimeout(timer));
}
