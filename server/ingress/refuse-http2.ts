import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { discardBody } from "./send-error";

const FRAME_HEAD_BYTES = 9;
const FRAME = { headers: 1, settings: 4, goAway: 7 };
const FLAG = { ack: 1, endStream: 1, endHeaders: 4 };
/** Not HTTP_1_1_REQUIRED: gRPC's C core aborts its process on it. https://www.rfc-editor.org/rfc/rfc9113#name-error-codes */
const NO_ERROR = 0;
/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const UNIMPLEMENTED = 12;
const USE_HTTP_1 =
  "OneKey speaks HTTP/1.1, so gRPC clients such as xai-sdk do not work. Use an OpenAI SDK with a base URL that ends in /v1.";
/** How much a client may send, and how long it may take, before its first request must have arrived. */
const BYTES_MAX = 64 * 1024;
const REQUEST_WITHIN_MS = 5_000;
/** How long a client gets to close its side. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * Refuses the requests of an HTTP/2 connection, which gRPC clients such as xAI's SDK open unasked. The first request gets a gRPC
 * status with the text, which such a client raises as an error; without a status it would try to connect for minutes. Any other
 * client sees a 505, and the text in the last frame of the connection.
 * `bytes` is what came after the preface: https://www.rfc-editor.org/rfc/rfc9113#name-http-2-connection-preface
 */
export function refuseHttp2(socket: Duplex, bytes: Buffer): void {
  let unread = bytes;
  let receivedBytes = bytes.length;
  const timer = setTimeout(() => socket.destroy(), REQUEST_WITHIN_MS);
  socket.once("close", () => clearTimeout(timer));
  // From here on the bytes are not given to the parser of HTTP/1.1.
  socket.removeAllListeners("data").removeAllListeners("end");
  socket.on("data", read);
  socket.once("end", () => socket.destroy());
  socket.write(Buffer.concat([frame(FRAME.settings, 0), frame(FRAME.settings, FLAG.ack)]));
  respondToRequest();

  function read(chunk: Buffer): void {
    receivedBytes += chunk.length;
    if (receivedBytes > BYTES_MAX) return void socket.destroy();
    unread = Buffer.concat([unread, chunk]);
    respondToRequest();
  }

  function respondToRequest(): void {
    const streamId = takeRequest();
    if (streamId === null) return;
    clearTimeout(timer);
    socket.off("data", read).resume();
    socket.end(Buffer.concat([refusal(streamId), goAway(streamId)]));
    const closing = setTimeout(() => socket.destroy(), CLOSE_WITHIN_MS);
    socket.once("close", () => clearTimeout(closing));
  }

  /** The stream of the first request that has arrived; frames before it are dropped. */
  function takeRequest(): number | null {
    while (unread.length >= FRAME_HEAD_BYTES) {
      if (unread[3] === FRAME.headers) return unread.readUInt32BE(5) & 0x7fff_ffff;
      const frameBytes = FRAME_HEAD_BYTES + unread.readUIntBE(0, 3);
      if (unread.length < frameBytes) return null;
      unread = unread.subarray(frameBytes);
    }
    return null;
  }
}

/** A gRPC client's request, which a proxy in between has translated to HTTP/1.1. */
export const isGrpc = ({ headers }: IncomingMessage): boolean =>
  /^\s*application\/grpc/i.test(headers["content-type"] ?? "");

/** Without a body, so that the proxy passes the headers on as the only ones. */
export function refuseGrpc(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(415, { ...grpcStatus(USE_HTTP_1), "content-length": "0" }).end();
  discardBody(req);
}

/** The headers that a gRPC client goes by. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses */
const grpcStatus = (text: string) => ({
  "content-type": "application/grpc",
  "grpc-status": String(UNIMPLEMENTED),
  // Percent-encoded.
  "grpc-message": text.replaceAll("%", "%25"),
});

/** A response of headers only: a gRPC client goes by `grpc-status`, any other one by the HTTP status. */
function refusal(streamId: number): Buffer {
  const headers = Object.entries({ ":status": "505", ...grpcStatus(USE_HTTP_1) });
  const payload = Buffer.concat(headers.map(([name, value]) => header(name, value)));
  return frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, { streamId, payload });
}

function goAway(streamId: number): Buffer {
  const ids = Buffer.alloc(8);
  ids.writeUInt32BE(streamId, 0);
  ids.writeUInt32BE(NO_ERROR, 4);
  return frame(FRAME.goAway, 0, { payload: Buffer.concat([ids, Buffer.from(USE_HTTP_1)]) });
}

/** A header that is in no table, as plain text. https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2 */
const header = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0]), string(name), string(value)]);

/** https://www.rfc-editor.org/rfc/rfc7541#section-5.2, with the length of section 5.1. */
function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let remaining = bytes.length - 127;
    for (; remaining >= 128; remaining = Math.floor(remaining / 128))
      length.push((remaining % 128) | 128);
    length.push(remaining);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

function frame(
  type: number,
  flags: number,
  { streamId = 0, payload = Buffer.alloc(0) }: { streamId?: number; payload?: Buffer } = {},
): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}
