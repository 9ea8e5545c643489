import { Worker } from "node:worker_threads";

/**
 * Counts tokens (o200k) in a worker of its own: the tokenizer takes half a second and 100 MB to load, so it is started when it
 * is first needed and stopped when it has been idle for a while. Texts are cut into pieces, since one long run of the same
 * character would take it seconds.
 */
const SOURCE = `
const { parentPort } = require("node:worker_threads");
const { createRequire } = require("node:module");
const { countTokens } = createRequire(process.cwd() + "/package.json")("gpt-tokenizer/encoding/o200k_base");
const options = { disallowedSpecial: new Set() };
parentPort.on("message", ({ id, text }) => {
  let tokens = 0;
  for (let at = 0; at < text.length; at += 512) tokens += countTokens(text.slice(at, at + 512), options);
  parentPort.postMessage({ id, tokens });
});`;

const IDLE_MS = 60_000;
const PATIENCE_MS = 10_000;

type Counter = {
  worker: Worker;
  waiting: Map<number, (tokens: number | null) => void>;
  idle: NodeJS.Timeout | null;
};

let counter: Counter | null = null;
let lastId = 0;

/** Tokens in a text, or null when the tokenizer cannot be had. */
export async function countTokens(text: string): Promise<number | null> {
  if (text === "") return 0;
  const { worker, waiting, idle } = (counter ??= startCounter());
  const own = counter;
  if (idle) clearTimeout(idle);
  const id = ++lastId;
  const tokens = await new Promise<number | null>((resolve) => {
    const patience = setTimeout(() => resolve(null), PATIENCE_MS);
    waiting.set(id, (counted) => {
      clearTimeout(patience);
      resolve(counted);
    });
    worker.postMessage({ id, text });
  });
  waiting.delete(id);
  if (waiting.size === 0) own.idle = setTimeout(() => stopCounter(own), IDLE_MS).unref();
  return tokens;
}

function startCounter(): Counter {
  const worker = new Worker(SOURCE, { eval: true });
  worker.unref();
  const started: Counter = { worker, waiting: new Map(), idle: null };
  worker.on("message", ({ id, tokens }: { id: number; tokens: number }) =>
    started.waiting.get(id)?.(tokens),
  );
  worker.on("error", () => stopCounter(started));
  worker.on("exit", () => stopCounter(started));
  return started;
}

function stopCounter(stopped: Counter): void {
  if (counter === stopped) counter = null;
  for (const answer of stopped.waiting.values()) answer(null);
  void stopped.worker.terminate();
}
