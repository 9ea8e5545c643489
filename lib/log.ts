import { count } from "./metrics";

/** The only fields a log line can have. Content, headers and secrets have no field, so they cannot be logged. */
export type LogFields = {
  requestId?: string;
  accountId?: string;
  projectId?: string;
  purchase?: string;
  model?: string;
  channel?: string;
  endpoint?: string;
  chain?: string;
  status?: number;
  endedBy?: string;
  code?: string;
  cost?: number;
  latencyMs?: number;
  count?: number;
  port?: number;
  mode?: string;
  /** Which process of this deployment: "database", "sandbox", "server 1". */
  process?: string;
  /** The name of an error's class or its driver code: never its message, which may quote a request. */
  error?: string;
};

let waiting = "";
let isOnStderr = false;
let isPrepared = false;

/** Lines of one turn of the event loop are written together; a warning or error, and whatever came before it, immediately. */
function write(level: "info" | "warn" | "error", event: string, fields: LogFields): void {
  if (waiting === "") setImmediate(flush);
  const json = JSON.stringify(fields);
  waiting += `{"at":"${timeNow()}","level":"${level}","event":"${event}"${json === "{}" ? "" : ","}${json.slice(1)}\n`;
  if (!isPrepared) prepare();
  if (level !== "info") flush();
}

function prepare(): void {
  isPrepared = true;
  surviveOutputErrors();
  count("onekey_log_lines_dropped_total", {}, 0);
  process.on("exit", flush);
}

/** The time as text, made once a millisecond. */
function timeNow(): string {
  const now = Date.now();
  if (now !== timestamp.now) timestamp = { now, text: new Date(now).toISOString() };
  return timestamp.text;
}
let timestamp = { now: 0, text: "" };

function flush(): void {
  if (waiting === "") return;
  const text = waiting;
  waiting = "";
  writeOutput(isOnStderr ? process.stderr : process.stdout, text);
}

/** For a process whose stdout is its result. */
export function logToStderr(): void {
  isOnStderr = true;
}

/**
 * Writes lines to stdout or stderr. What cannot be written (ENOSPC of a full disk, EPIPE of a closed pipe) is dropped and
 * counted; the next write tries again.
 */
export function writeOutput(output: NodeJS.WriteStream, text: string | Uint8Array): void {
  output.write(text, (error) => {
    if (error) count("onekey_log_lines_dropped_total", {}, String(text).split("\n").length - 1);
  });
}

/** Without a listener, Node ends a process whose stdout or stderr cannot be written. */
export function surviveOutputErrors(): void {
  for (const output of [process.stdout, process.stderr])
    if (!output.listeners("error").includes(ignoreError)) output.on("error", ignoreError);
}

function ignoreError(): void {}

export const log = {
  info: (event: string, fields: LogFields = {}) => write("info", event, fields),
  warn: (event: string, fields: LogFields = {}) => write("warn", event, fields),
  error: (event: string, fields: LogFields = {}) => write("error", event, fields),
};

/** What may be logged of an unknown error: its class and code, never its text. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error && (typeof error.code === "string" || typeof error.code === "number")
    ? `${error.name}/${error.code}`
    : error.name;
}
