import { createHash } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, createGzip, gzipSync } from "node:zlib";
import type { MockDirective } from "./directive";

type SendResult = {
  res: ServerResponse;
  directive: MockDirective;
  headers: Record<string, string>;
};

/** Sends a body as the directive asks; returns the SHA-256 of the bytes sent. */
export async function sendBody({
  res,
  directive,
  headers,
  status,
  body,
}: SendResult & { status: number; body: Buffer | string }): Promise<string> {
  const bytes = directive.gzip ? gzipSync(body) : Buffer.from(body);
  const length = bytes.length + (directive.lieLength ? 10 : 0);
  res.writeHead(status, {
    ...headers,
    ...(directive.gzip ? { "content-encoding": "gzip" } : {}),
    "content-length": String(length),
  });
  for (const part of split(bytes, directive.chunkBytes)) res.write(part);
  if (directive.lieLength)
    await new Promise((resolve) => res.write("", resolve)).then(() => res.destroy());
  else res.end();
  return sha256(bytes);
}

/** Sends a stream piece by piece; returns the SHA-256 of what was sent, or null when it was not sent to its end. */
export async function sendStream({
  res,
  directive,
  headers,
  pieces,
}: SendResult & { pieces: string[] }): Promise<string | null> {
  const hash = createHash("sha256");
  const gzip = directive.gzip ? createGzip() : null;
  res.writeHead(200, { ...headers, ...(gzip ? { "content-encoding": "gzip" } : {}) });
  const write = async (bytes: Buffer) => {
    hash.update(bytes);
    let isDrained = true;
    for (const part of split(bytes, directive.splitUtf8 ? 3 : directive.chunkBytes))
      isDrained = res.write(part);
    if (!isDrained && !res.destroyed) await Promise.race([once(res, "drain"), once(res, "close")]);
  };
  gzip?.on("data", (bytes: Buffer) => void write(bytes));
  const send = async (text: string) => {
    if (!gzip) return write(Buffer.from(text));
    gzip.write(text);
    await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
  };
  let byteCount = 0;
  for (const piece of pieces) {
    if (byteCount === 1 && directive.reasoningMs) await sleep(directive.reasoningMs);
    const text = directive.crlf ? piece.replaceAll(/\r?\n/g, "\r\n") : piece;
    await send(directive.comments ? `: keep-alive\n\n${text}` : text);
    byteCount++;
    if (res.destroyed) return null;
    if (directive.cutAfterChunks !== undefined && byteCount > directive.cutAfterChunks) {
      res.destroy();
      return null;
    }
    if (directive.hangAfterChunks !== undefined && byteCount > directive.hangAfterChunks) {
      await once(res, "close");
      return null;
    }
    if (directive.chunkDelayMs) await sleep(directive.chunkDelayMs);
  }
  if (directive.garbageAfterDone) await send(GARBAGE);
  if (gzip) await Promise.all([once(gzip, "end"), gzip.end()]);
  res.end();
  return hash.digest("hex");
}

/** What no client should read any more, and no meter. */
const GARBAGE =
  'data: {"choices":[],"usage":{"prompt_tokens":900000,"completion_tokens":900000}}\n\ndata: {"cut';

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

function* split(bytes: Buffer, size: number | undefined): Generator<Buffer> {
  if (!size) yield bytes;
  else for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
