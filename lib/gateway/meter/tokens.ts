import { Worker } from "node:worker_threads";

/**
 * Counts tokens (o200k) in a dedicated worker: the tokenizer takes half a second and 100 MB to load, so it is started when it
 * is first needed and stopped when it has been idle for a while. Texts are cut into pieces at white space, and shorter ones
 * where there is none, since one long run of the same character would take it seconds.
 */
const SOURCE = `
const { parentPort } = require("node:worker_threads");
const { createRequire } = require("node:module");
const { countTokens } = createRequire(process.cwd() + "/package.json")("gpt-tokenizer/encoding/o200k_base");
const options = { disallowedSpecial: new Set() };
const RUN = 512;
const PIECE = 8192;
const count = (text) => {
  let tokens = 0;
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + PIECE);
    if (text.length - at > RUN && !isBroken(text, at, end)) end = Math.min(text.length, at + RUN);
    else if (end < text.length) end = text.lastIndexOf(" ", end - 1) > at ? text.lastIndexOf(" ", end - 1) : end;
    tokens += countTokens(text.slice(at, end), options);
    at = end;
  }
  return tokens;
};
/** Whether no run without white space is long, which would take the tokenizer seconds. */
const isBroken = (text, at, end) => {
  for (let from = at; from < end;) {
    const next = text.slice(from, Math.min(end, from + RUN)).search(/\\s/);
    if (next === -1) return end - from < RUN;
    from += next + 1;
  }
  return true;
};
parentPort.on("message", ({ id, texts }) => {
  let tokens = 0;
  for (const text of texts) tokens += count(text);
  parentPort.postMessage({ id, tokens });
});`;

const IDLE_MS = 60_000;
const PATIENCE_MS = 10_000;

type TokenCounter = {
  worker: Worker;
  waiting: Map<number, (tokens: number | null) => void>;
  idle: NodeJS.Timeout | null;
};

let counter: TokenCounter | null = null;
let lastId = 0;

/** Tokens in a text, or in several, each for itself; null when the tokenizer cannot be had. */
export async function countTokens(text: string | string[]): Promise<number | null> {
  const texts = [text].flat();
  if (texts.every((text) => text === "")) return 0;
  const { worker, waiting, idle } = (counter ??= startCounter());
  const currentCounter = counter;
  if (idle) clearTimeout(idle);
  const id = ++lastId;
  const tokens = await new Promise<number | null>((resolve) => {
    const patience = setTimeout(() => resolve(null), PATIENCE_MS);
    waiting.set(id, (tokens) => {
      clearTimeout(patience);
      resolve(tokens);
    });
    worker.postMessage({ id, texts });
  });
  waiting.delete(id);
  if (waiting.size === 0)
    currentCounter.idle = setTimeout(() => stopCounter(currentCounter), IDLE_MS).unref();
  return tokens;
}

function startCounter(): TokenCounter {
  const worker = new Worker(SOURCE, { eval: true });
  worker.unref();
  const newCounter: TokenCounter = { worker, waiting: new Map(), idle: null };
  worker.on("message", ({ id, tokens }: { id: number; tokens: number }) =>
    newCounter.waiting.get(id)?.(tokens),
  );
  worker.on("error", () => stopCounter(newCounter));
  worker.on("exit", () => stopCounter(newCounter));
  return newCounter;
}

function stopCounter(counterToStop: TokenCounter): void {
  if (counter === counterToStop) counter = null;
  for (const resolve of counterToStop.waiting.values()) resolve(null);
  void counterToStop.worker.terminate();
}
