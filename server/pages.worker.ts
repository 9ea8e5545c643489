import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import next from "next";
import compression from "next/dist/compiled/compression/index.js";

/** Pages and their files alone: an event stream is not held back, and the gateway's answers never pass here. */
const compress = compression({
  filter: (req, res) =>
    !String(res.getHeader("content-type")).startsWith("text/event-stream") &&
    compression.filter(req, res),
});

const { host, port, socketPath } = workerData as { host: string; port: number; socketPath: string };
const app = next({ dev: false, hostname: host, port });
await app.prepare();
const page = app.getRequestHandler();
const server = createServer((req, res) => compress(req, res, () => void page(req, res)));
server.keepAliveTimeout = 60_000;
server.listen(socketPath, () => parentPort?.postMessage("listening"));
