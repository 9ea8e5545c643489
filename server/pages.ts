import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { errorName, log, writeOutput } from "@/lib/log";

export type Pages = {
  serve(req: IncomingMessage, res: ServerResponse): void;
  close(): Promise<void>;
};

/**
 * Runs Next in a thread of its own, reached over a private socket: a page that renders holds no stream up, and what Next does
 * to its thread (async hooks on every promise, a Date of its own) costs the gateway nothing.
 */
export function startPages({ host, port }: { host: string; port: number }): Pages {
  const dir = mkdtempSync(path.join(tmpdir(), "onekey-pages-"));
  const socketPath = path.join(dir, "socket");
  const worker = new Worker(new URL("./pages.worker.js", import.meta.url), {
    workerData: { host, port, socketPath },
    stdout: true,
    stderr: true,
  });
  // Node's own forwarding ends with the first line that cannot be written.
  worker.stdout.on("data", (text: Buffer) => writeOutput(process.stdout, text));
  worker.stderr.on("data", (text: Buffer) => writeOutput(process.stderr, text));
  const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 50_000 });
  let closing = false;
  const listening = new Promise<void>((resolve) => worker.once("message", () => resolve()));
  worker.on("error", (error) => log.error("pages.failed", { error: errorName(error) }));
  const forget = () => rmSync(dir, { recursive: true, force: true });
  worker.on("exit", () => {
    forget();
    if (!closing) process.exit(1);
  });

  const serve = (req: IncomingMessage, res: ServerResponse) => {
    const { method, url, headers } = req;
    const passed = request({ socketPath, agent, method, path: url, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(res);
      answer.once("error", () => res.destroy());
    });
    passed.on("error", () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
    res.once("close", () => passed.destroy());
    // An answer that did not wait for the whole body: the rest of it is read away, or the connection's next request would wait.
    res.once("finish", () => {
      if (req.complete) return;
      req.unpipe(passed);
      req.resume();
      passed.destroy();
    });
    req.pipe(passed);
  };
  return {
    serve: (req, res) => void listening.then(() => serve(req, res)),
    close: async () => {
      closing = true;
      agent.destroy();
      await worker.terminate();
      forget();
    },
  };
}
