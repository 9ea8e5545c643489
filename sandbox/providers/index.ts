import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { chat, failure, gemini, messages, others, responses, type Answer, type Asked } from "./answers";
import { directiveIn, type Directive } from "./directive";

type Name = Asked["provider"];
export type SeenRequest = {
  provider: Name;
  method: string;
  path: string;
  headers: Record<string, unknown>;
  bodySha256: string;
  bodyBytes: number;
  answerSha256?: string;
  closedEarlyAt?: number;
};
export type Providers = {
  port: number;
  urls: Record<Name, string>;
  seen: SeenRequest[];
  counts: () => Record<Name, number>;
  close: () => Promise<void>;
};

const SEEN_MAX = 10_000;
const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

/** The four providers, pretended on one loopback port. With `demo`, streams take their time, as a person sees them. */
export async function startProviders({
  port = 0,
  demo = false,
}: { port?: number; demo?: boolean } = {}): Promise<Providers> {
  const seen: SeenRequest[] = [];
  const count: Record<Name, number> = { openai: 0, anthropic: 0, google: 0, xai: 0 };
  let waiting: (() => void)[] = [];
  const release = () => {
    for (const go of waiting) go();
    waiting = [];
  };

  const control = (req: IncomingMessage, res: ServerResponse): void => {
    const answer = (value: unknown) =>
      void res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (req.url === "/__control/seen") return answer(seen);
    if (req.url === "/__control/counts") return answer(count);
    if (req.url === "/__control/release") release();
    answer({});
  };

  const server = createServer((req, res) => {
    if (req.url?.startsWith("/__control/")) return control(req, res);
    serve(req, res).catch(() => res.destroy());
  });

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const [, name = "", rest = ""] = /^\/(openai|anthropic|google|xai)(\/.*)$/.exec(req.url ?? "") ?? [];
    const provider = name as Name;
    if (name === "") return void res.writeHead(404).end();
    count[provider]++;
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const [path = "", query = ""] = rest.split("?");
    const record: SeenRequest = {
      provider,
      method: req.method ?? "",
      path,
      headers: req.headers,
      bodySha256: sha256(raw),
      bodyBytes: raw.length,
    };
    seen.push(record);
    if (seen.length > SEEN_MAX) seen.shift();
    res.once("close", () => {
      if (!res.writableFinished) record.closedEarlyAt = Date.now();
    });
    const directive = directiveIn(raw);
    const send = (status: number, type: string, body: Buffer | string, headers: Record<string, string> = {}) => {
      record.answerSha256 = sha256(body);
      res
        .writeHead(status, {
          "content-type": type,
          "content-length": Buffer.byteLength(body),
          ...usualHeaders(provider),
          ...directive.headers,
          ...headers,
        })
        .end(body);
    };
    const refuse = (status: number, message: string, headers: Record<string, string> = {}) =>
      send(status, "application/json", failure(provider, status, message), headers);

    const credential = String(
      req.headers.authorization ?? req.headers["x-api-key"] ?? req.headers["x-goog-api-key"] ?? "",
    ).replace(/^Bearer /, "");
    const own = ownAccount(provider, credential);
    if (own)
      return send(
        own.status,
        "application/json",
        directive.gzip ? gzipSync(own.body) : own.body,
        directive.gzip ? { "content-encoding": "gzip" } : {},
      );
    if (credential.startsWith("limited-")) return refuse(429, "Rate limit reached.", { "retry-after": "7" });

    if (directive.hang) return;
    if (directive.hold) await new Promise<void>((resolve) => waiting.push(resolve));
    if (directive.delayMs) await sleep(directive.delayMs);
    if (directive.dropConnection) return void res.destroy();
    if (directive.status) {
      const quoted = directive.quote ? `: ${raw.toString("utf8").slice(0, 500)}` : ".";
      return refuse(
        directive.status,
        `The sandbox was asked to fail${quoted}`,
        directive.retryAfter ? { "retry-after": String(directive.retryAfter) } : {},
      );
    }
    const stored = /\/responses\/(resp_\w+)(\/input_items)?$/.exec(path);
    if (stored && req.method !== "POST")
      return send(
        200,
        "application/json",
        JSON.stringify(
          stored[2]
            ? { object: "list", data: [], has_more: false }
            : {
                id: stored[1],
                object: req.method === "DELETE" ? "response.deleted" : "response",
                deleted: req.method === "DELETE",
                output: [],
              },
        ),
      );
    const answer = answerTo({ provider, path, query, raw, body: parse(raw), directive });
    if (!answer) return refuse(404, "Unknown request URL.");
    if (directive.wrongJson) return send(200, "application/json", '{"id": "broken", ');
    if (directive.huge) return send(200, "application/json", `{"id":"huge","text":"${"x".repeat(directive.huge)}"}`);
    if (answer.events)
      return stream({
        res,
        record,
        provider,
        answer,
        directive: demo ? { chunkDelayMs: 30, ...directive } : directive,
      });
    const body = answer.body ?? "";
    if (directive.gzip) return send(200, answer.type, gzipSync(body), { "content-encoding": "gzip" });
    send(200, answer.type, body);
  };

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = address && typeof address === "object" ? address.port : port;
  const origin = `http://127.0.0.1:${bound}`;
  return {
    port: bound,
    urls: {
      openai: `${origin}/openai/v1`,
      anthropic: `${origin}/anthropic`,
      google: `${origin}/google`,
      xai: `${origin}/xai/v1`,
    },
    seen,
    counts: () => ({ ...count }),
    close: () =>
      new Promise((resolve) => {
        release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(asked: Asked): Answer | null {
  const { path } = asked;
  if (path.endsWith("/chat/completions")) return chat(asked);
  if (path.endsWith("/responses")) return responses(asked);
  if (path.endsWith("/messages")) return messages(asked);
  if (path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent")) return gemini(asked);
  return others(asked);
}

function parse(raw: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(raw.toString("utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** How each provider refuses a wrong credential ("bad-…") or an account without money ("quota-…"). */
function ownAccount(provider: Name, credential: string): { status: number; body: string } | null {
  const openai = (status: number, message: string, code: string) => ({
    status,
    body: JSON.stringify({ error: { message, type: code, param: null, code } }),
  });
  if (credential === "" || credential.startsWith("bad-")) {
    if (provider === "google")
      return {
        status: 400,
        body: JSON.stringify({
          error: {
            code: 400,
            message: "API key not valid. Please pass a valid API key.",
            status: "INVALID_ARGUMENT",
            details: [
              {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                reason: "API_KEY_INVALID",
                domain: "googleapis.com",
              },
            ],
          },
        }),
      };
    if (provider === "xai")
      return {
        status: 400,
        body: JSON.stringify({
          code: "Client specified an invalid argument",
          error: `Incorrect API key provided: ${credential}. You can obtain an API key from the console.`,
        }),
      };
    if (provider === "anthropic") return { status: 401, body: failure(provider, 401, "invalid x-api-key") };
    return openai(401, `Incorrect API key provided: ${credential}.`, "invalid_api_key");
  }
  if (!credential.startsWith("quota-")) return null;
  if (provider === "anthropic")
    return { status: 400, body: failure(provider, 400, "Your credit balance is too low to access the Anthropic API.") };
  if (provider === "xai")
    return {
      status: 403,
      body: JSON.stringify({
        code: "The caller does not have permission",
        error: "Your team has used all available credits or reached its monthly spending limit.",
      }),
    };
  if (provider === "google")
    return {
      status: 429,
      body: failure(provider, 429, "You exceeded your current quota, please check your plan and billing details."),
    };
  return openai(
    429,
    "You exceeded your current quota, please check your plan and billing details.",
    "insufficient_quota",
  );
}

/** What a provider sends along that concerns its own account: the gateway keeps it back. */
function usualHeaders(provider: Name): Record<string, string> {
  const own = { "set-cookie": "__cf_bm=sandbox; path=/", "x-request-id": "req_provider" };
  if (provider === "anthropic")
    return {
      ...own,
      "request-id": "req_provider",
      "anthropic-organization-id": "org-sandbox",
      "anthropic-ratelimit-requests-remaining": "99",
    };
  return {
    ...own,
    "openai-organization": "org-sandbox",
    "openai-processing-ms": "12",
    "x-ratelimit-remaining-requests": "99",
  };
}

async function stream({
  res,
  record,
  provider,
  answer,
  directive,
}: {
  res: ServerResponse;
  record: SeenRequest;
  provider: Name;
  answer: Answer;
  directive: Directive;
}): Promise<void> {
  const hash = createHash("sha256");
  res.writeHead(200, { "content-type": answer.type, ...usualHeaders(provider), ...directive.headers });
  const size = directive.splitUtf8 ? 3 : directive.chunkBytes;
  let sent = 0;
  for (const event of answer.events ?? []) {
    if (sent === 1 && directive.reasoningMs) await sleep(directive.reasoningMs);
    const text = directive.crlf ? event.replaceAll("\n", "\r\n") : event;
    const bytes = Buffer.from(directive.comments ? `: keep-alive\n\n${text}` : text);
    hash.update(bytes);
    if (size) for (let at = 0; at < bytes.length; at += size) res.write(bytes.subarray(at, at + size));
    else if (!res.write(bytes))
      await new Promise((resolve) =>
        res.destroyed ? resolve(null) : res.once("drain", resolve).once("close", resolve),
      );
    sent++;
    if (res.destroyed) return;
    if (directive.cutAfterChunks !== undefined && sent > directive.cutAfterChunks) return void res.destroy();
    if (directive.chunkDelayMs) await sleep(directive.chunkDelayMs);
  }
  record.answerSha256 = hash.digest("hex");
  res.end();
}
