import type { Readable } from "node:stream";
import type { Worker } from "node:worker_threads";
import { log, writeOutput } from "@/lib/log";

/** A line that `lib/log` wrote in the page thread. Its fields have types that take no content. */
const EVENT_LINE = /^\{"at":"[^"]+","level":"(?:info|warn|error)","event":"[a-z._-]+"[,}]/;
const LINE_BYTES_MAX = 16_384;
const REPORT_MS = 1_000;

/**
 * Passes log events of the page thread on. Everything else that is written there is text of Next and of packages, which may
 * quote a request (a URL, a header, an error's message): only its size is logged.
 */
export function relayOutput(worker: Worker): void {
  let droppedBytes = 0;
  const drop = (bytes: number) => {
    if (bytes === 0) return;
    if (droppedBytes === 0)
      setTimeout(() => {
        log.info("pages.output.dropped", { count: droppedBytes });
        droppedBytes = 0;
      }, REPORT_MS).unref();
    droppedBytes += bytes;
  };
  worker.stderr.on("data", (chunk: Buffer) => drop(chunk.length));
  readLines(worker.stdout, (line) => {
    if (isEventLine(line)) writeOutput(process.stdout, `${line}\n`);
    else drop(line.length + 1);
  });
}

function isEventLine(line: string): boolean {
  if (!EVENT_LINE.test(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
    // A line without an end takes no memory: what is longer is no event.
    if (rest.length > LINE_BYTES_MAX) {
      take(rest);
      rest = "";
    }
  });
}
