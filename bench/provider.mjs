// The provider of the benchmark: a plain socket server, so that it costs little compared with what is measured.
import { createServer } from "node:net";
import { ENDING, PIECE, PLAIN } from "./answers.mjs";
import { createReader } from "./http1.mjs";

const head = (type, length) =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nx-request-id: req_bench\r\nopenai-processing-ms: 12\r\n${length}\r\n\r\n`;
const chunkOf = (bytes) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

const PLAIN_RESPONSE = Buffer.concat([
  Buffer.from(head("application/json", `content-length: ${PLAIN.length}`)),
  PLAIN,
]);
const STREAM_HEAD = Buffer.from(
  head("text/event-stream; charset=utf-8", "transfer-encoding: chunked"),
);
const PIECE_CHUNK = chunkOf(PIECE);
const STREAM_END = Buffer.concat([chunkOf(ENDING), Buffer.from("0\r\n\r\n")]);

const bursts = new Map();
/** A short stream in one write: its chunks are HTTP chunks all the same. */
function burst(chunks) {
  if (!bursts.has(chunks))
    bursts.set(
      chunks,
      Buffer.concat([
        STREAM_HEAD,
        ...Array.from({ length: chunks }, () => PIECE_CHUNK),
        STREAM_END,
      ]),
    );
  return bursts.get(chunks);
}

const pacedStreams = new Set();
/** One timer for all streams of a pace: their chunks are written by it. */
function pace(socket, chunks, ms) {
  socket.write(Buffer.concat([STREAM_HEAD, PIECE_CHUNK]));
  pacedStreams.add({ socket, left: chunks - 1, ms, due: performance.now() + ms });
  timer ??= setInterval(tick, 1);
}
let timer = null;
function tick() {
  const now = performance.now();
  for (const stream of pacedStreams) {
    if (stream.due > now) continue;
    stream.due = Math.max(stream.due + stream.ms, now);
    if (stream.socket.destroyed) pacedStreams.delete(stream);
    else if (stream.left-- > 0) stream.socket.write(PIECE_CHUNK);
    else {
      stream.socket.write(STREAM_END);
      pacedStreams.delete(stream);
    }
  }
  if (pacedStreams.size === 0) {
    clearInterval(timer);
    timer = null;
  }
}

/** A long stream as fast as it is taken. */
async function flood(socket, chunks) {
  socket.write(STREAM_HEAD);
  for (let count = 0; count < chunks && !socket.destroyed; count += 20) {
    const some = Buffer.concat(
      Array.from({ length: Math.min(20, chunks - count) }, () => PIECE_CHUNK),
    );
    if (!socket.write(some))
      await new Promise((resolve) => socket.once("drain", resolve).once("close", resolve));
  }
  if (!socket.destroyed) socket.write(STREAM_END);
}

function answer(socket, [, kind, chunks, ms]) {
  if (kind === "plain") socket.write(PLAIN_RESPONSE);
  else if (Number(ms) > 0) pace(socket, Number(chunks), Number(ms));
  else if (Number(chunks) <= 1_000) socket.write(burst(Number(chunks)));
  else void flood(socket, Number(chunks));
}

const server = createServer({ noDelay: true }, (socket) => {
  let request = null;
  let text = "";
  const read = createReader({
    onHead: () => {
      request = null;
      text = "";
    },
    onBody: (data, from, to) => {
      if (request) return;
      text = (text + data.latin1Slice(from, Math.min(to, from + 4_096))).slice(-8_192);
      request = /\[(plain|stream) ?(\d*) ?(\d*)\]/.exec(text);
    },
    onEnd: () => (request ? answer(socket, request) : socket.destroy()),
  });
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    try {
      read(chunk);
    } catch {
      socket.destroy();
    }
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit(0));
