// Longer than 300 lines: one generator, whose parts share the random source that makes a case repeatable.

import { setTimeout as sleep } from "node:timers/promises";
import { pick } from "../faults/random";
import { openSocket } from "../support/raw-http";

type RandomSource = () => number;
/** One attempt to disturb a server; resolves to the bytes that came back. */
export type RawCase = { kind: string; run: (origin: string) => Promise<string> };

const TARGETS = [
  "/",
  "/docs",
  "/pricing",
  "/sign-in",
  "/dashboard",
  "/none.js",
  "/api/none",
  "/_next/none",

  "/api/health",
  "/api/health/ready",
  "/api/stripe/webhook",
  "/api/auth/one-tap",
  "/api/assistant",
  "/v1/models",
  "/v1/chat/completions",
  "/v1/messages",
  "/v1/responses",
  "/v1/none",
  "/v1",
  "/v1beta/models",
  "/v1beta/models/gemini-3.8-flash:generateContent",
  "/upload/v1beta/files",
  "/_next/webpack-hmr",
  "/_next/image?url=%2Fv1%2Fmodels&w=64&q=1",
  "/sandbox/mailbox",
  "*",
  "http://x/v1/models",
  "example.com:443",
  "?",
  "#",
] as const;
const PIECES = [
  "/",
  "//",
  ".",
  "..",
  "%2e",
  "%2f",
  "%5c",
  "\\",
  "%00",
  "%",
  "%25",
  "?",
  "#",
  ";",
  ":",
  "@",

  "v1",
  "%76",
  "docs",
  "_next",
  "api",
  "a".repeat(300),
  "%C3%A9",
  "\u00e9",
  "key=",
  "&",
  "=",
  "\t",
] as const;
const METHODS = [
  "GET",
  "POST",
  "HEAD",
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "get",
  "PURGE",
  "M-SEARCH",
  "SOURCE",
  "PRI",
  "QUERY",
] as const;
const HEADERS = [
  "Trailer: x",
  "Expect: 100-continue",
  "Expect: x",
  "TE: trailers",
  "Connection: host, trailer",
  "Connection: close",
  "Connection: keep-alive",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Upgrade: h2c",
  "Upgrade: x",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: x, chunked",

  "Content-Length: 0",
  "Content-Length: 5",
  "Content-Length: 99999999999",
  "Content-Length: -1",
  "Content-Type: application/json",
  "Content-Type: multipart/form-data; boundary=x",
  "Content-Type: application/x-www-form-urlencoded",
  "Content-Type: text/plain;charset=UTF-8",
  "Content-Encoding: gzip",
  "Content-Encoding: br",
  "Accept-Encoding: gzip, br",
  "Accept: x",
  "next-action: x",
  "next-action: 0000000000000000000000000000000000000000",
  "rsc: 1",
  "next-router-state-tree: %5B%22",
  "next-router-prefetch: 1",
  "next-url: //x",
  "x-nonce: x",

  "x-middleware-subrequest: proxy",
  "x-nextjs-data: 1",
  "x-invoke-path: /v1",
  "x-matched-path: /",
  "x-forwarded-host: x",
  "x-forwarded-proto: x",
  "x-forwarded-for: 1.2.3.4",
  "forwarded: x",
  "Origin: null",
  "Origin: http://x",
  "Cookie: next-auth.session-token=x",
  "Cookie: ;;=;",
  "Authorization: Bearer x",
  "x-api-key: x",
  "anthropic-version: x",
  "Range: bytes=0-1",
  "If-None-Match: *",
  "If-Modified-Since: x",
  "Keep-Alive: timeout=0",
] as const;
/** Lines that no parser may take. */
const MALFORMED = [
  "Host: x",
  "Host:",
  "X-A: \u0000",
  "X\u00e9: x",
  ": x",
  "no-colon",
  " folded: x",
  `x-long: ${"a".repeat(9_000)}`,
] as const;
const BODIES = [
  "",
  "{}",
  "null",
  "[]",
  "hello",
  '{"model":"gpt-6-luna","messages":[]}',
  "0\r\n\r\n",

  "5\r\nhello\r\n0\r\nx: 1\r\n\r\n",
  "ffffffffffffffff\r\n",
  "1;x=y\r\na\r\n0\r\n\r\n",
  "-1\r\n",
  "--x\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n",
  "\u0000\u00ff\u001f",
  "a".repeat(70_000),
] as const;

/** The case of a number and a seed; `key` is a valid one, so that some requests reach a provider. */
export function rawCase({ random, key }: { random: RandomSource; key: string }): RawCase {
  const kind = pick(random, [
    ...([
      "odd request",
      "odd request",
      "odd request",
      "garbage",
      "cut",
      "slow",
      "sent ahead",
    ] as const),
    ...(["upgrade", "half-closed", "not read", "many headers", "forwarded", "reset"] as const),
  ]);
  const request = oddRequest(random, key);
  const count = 2 + Math.floor(random() * 30);
  const at = Math.floor(random() * request.length);
  const pauseMs = Math.floor(random() * 40);
  switch (kind) {
    case "odd request":
      return { kind, run: (origin) => exchange(origin, [request]) };
    case "garbage": {
      const bytes = Array.from({ length: 1 + Math.floor(random() * 400) }, () =>
        String.fromCharCode(Math.floor(random() * 256)),
      ).join("");
      return { kind, run: (origin) => exchange(origin, [bytes]) };
    }
    case "cut":
      return {
        kind,
        run: (origin) => exchange(origin, [request.slice(0, at)], { waitMs: pauseMs }),
      };
    case "slow": {
      const pieces = Array.from({ length: 8 }, (_, i) =>
        request.slice((i * request.length) / 8, ((i + 1) * request.length) / 8),
      );
      return { kind, run: (origin) => exchange(origin, pieces, { pauseMs }) };
    }
    case "sent ahead":
      return { kind, run: (origin) => exchange(origin, [request.repeat(count)]) };
    case "upgrade": {
      const upgrade = `GET ${pick(random, TARGETS)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${pick(random, ["websocket", "h2c", "tls/1.0", "x/1, y/2"])}\r\n\r\n`;
      return { kind, run: (origin) => exchange(origin, [upgrade, request]) };
    }
    case "half-closed":
      return {
        kind,
        run: (origin) => exchange(origin, [request.slice(0, at)], { halfClose: true }),
      };
    case "not read":
      return { kind, run: (origin) => exchange(origin, [request], { read: false, waitMs: 100 }) };
    case "many headers": {
      const lines = Array.from({ length: count * 20 }, (_, i) => `x-${i}: ${i}\r\n`).join("");
      const large = `GET ${pick(random, TARGETS)} HTTP/1.1\r\nHost: x\r\n${lines}\r\n`;
      return { kind, run: (origin) => exchange(origin, [large]) };
    }
    case "forwarded": {
      const body = mutate(
        random,
        '{"model":"gpt-6-luna","max_tokens":5,"stream":true,"messages":[{"role":"user","content":"hi"}]}',
      );
      const prefix = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      return {
        kind,
        run: (origin) => exchange(origin, [prefix], { waitMs: 20 + pauseMs * 20 }),
      };
    }
    case "reset":
      return {
        kind,
        run: (origin) => exchange(origin, [request], { reset: true, waitMs: pauseMs }),
      };
  }
}

function oddRequest(random: RandomSource, key: string): string {
  const target =
    random() < 0.8
      ? pick(random, TARGETS)
      : `/${Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(random, PIECES)).join("")}`;
  const lines: string[] = Array.from({ length: Math.floor(random() * 4) }, () =>
    pick(random, HEADERS),
  );
  if (random() < 0.1) lines.push(pick(random, MALFORMED));
  if (random() < 0.2) lines.push(`Authorization: Bearer ${key}`);
  const body = pick(random, BODIES);
  if (random() < 0.9 && body !== "")
    lines.push(`Content-Length: ${Buffer.byteLength(body, "latin1")}`);
  const version =
    random() < 0.95 ? "HTTP/1.1" : pick(random, ["HTTP/1.0", "HTTP/2.0", "HTTP/9", "x"]);
  const host = random() < 0.95 ? "Host: x\r\n" : "";
  const method = random() < 0.8 ? pick(random, ["GET", "POST"]) : pick(random, METHODS);
  const headers = lines.map((line) => `${line}\r\n`).join("");
  return `${method} ${target} ${version}\r\n${host}${headers}\r\n${body}`;
}

/** A text with a few characters replaced, removed or repeated. */
function mutate(random: RandomSource, text: string): string {
  let mutation = text;
  for (let i = Math.floor(random() * 3); i > 0; i--) {
    const at = Math.floor(random() * mutation.length);
    const piece = pick(random, [
      "",
      '"',
      "{",
      "[",
      "\\u0000",
      "9".repeat(40),
      "null",
      mutation.slice(at, at + 9),
    ]);
    mutation = mutation.slice(0, at) + piece + mutation.slice(at + 1);
  }
  return mutation;
}

type SendManner = {
  pauseMs?: number;
  waitMs?: number;
  halfClose?: boolean;
  read?: boolean;
  reset?: boolean;
};

/**
 * Sends pieces on one connection. Closes it when the server does, a little after the first bytes of a response, or after
 * `waitMs`: a client that never reads or leaves in the middle is a case as well.
 */
async function exchange(
  origin: string,
  pieces: string[],
  { pauseMs = 0, waitMs = 3_000, halfClose = false, read = true, reset = false }: SendManner = {},
): Promise<string> {
  let text = "";
  const socket = openSocket(origin);
  const untilClosed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const untilResponse = new Promise<void>((resolve) => {
    if (!read) return void socket.pause();
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1").slice(0, 4_096);
      resolve();
    });
  });
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(Buffer.from(piece, "latin1"));
    if (pauseMs > 0) await sleep(pauseMs);
  }
  if (halfClose) socket.end();
  await Promise.race([untilClosed, untilResponse.then(() => sleep(30)), sleep(waitMs)]);
  if (reset) socket.resetAndDestroy();
  else socket.destroy();
  return text;
}
