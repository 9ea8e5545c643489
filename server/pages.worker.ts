import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import compression from "compression";
import next from "next";

/** Milliseconds between the signs of life that the server expects of this thread. */
const SIGN_MS = 5_000;

/** Pages and their files only: an event stream is not delayed, and the gateway's responses never pass here. */
const compress = compression({
  filter: (req, res) =>
    !String(res.getHeader("content-type")).startsWith("text/event-stream") &&
    compression.filter(req, res),
});

const { port, socketPath } = workerData as { port: number; socketPath: string };
// Next writes every loopback host as "localhost" where proxy.ts rewrites a team's path. Any other name here would make that an
// address elsewhere, which Next would fetch by the network, without the headers that proxy.ts set.
const app = next({ dev: false, hostname: "localhost", port });
await app.prepare();
const page = app.getRequestHandler();
const server = createServer((req, res) => compress(req, res, () => void page(req, res)));
server.keepAliveTimeout = 60_000;
const showLife = () => parentPort?.postMessage("alive");
server.listen(socketPath, () => {
  showLife();
  setInterval(showLife, SIGN_MS).unref();
});
