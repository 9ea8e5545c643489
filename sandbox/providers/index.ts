import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { Answer, Asked, Name } from "./answer";
import * as anthropic from "./anthropic";
import { directiveIn, type Directive } from "./directive";
import * as google from "./google";
import { chat } from "./openai-chat";
import * as media from "./openai-media";
import { modelList, priceList } from "./models";
import {
  compact,
  inputTokensCounted,
  responses,
  storedAnswer,
  type Stored,
} from "./openai-responses";
import { accountRefusal, failure, usualHeaders } from "./refusals";
import { sendBody, sendStream } from "./send";

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
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** The four providers, pretended on one loopback port. With `demo`, streams take their time, as a person sees them. */
export async function startProviders({
  port = 0,
  demo = false,
}: { port?: number; demo?: boolean } = {}): Promise<Providers> {
  const seen: SeenRequest[] = [];
  const count: Record<Name, number> = { openai: 0, anthropic: 0, google: 0, xai: 0 };
  const stored = new Map<string, Stored>();
  let waiting: (() => void)[] = [];
  let next: Directive | null = null;
  const release = () => {
    for (const go of waiting) go();
    waiting = [];
  };

  /** What a test asks of the stand-ins themselves. */
  const control = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await bytesOf(req);
    const answers: Record<string, () => unknown> = {
      seen: () => seen,
      counts: () => count,
      release,
      /** The directive of the next request, where its body has no room for one. */
      next: () => {
        next = JSON.parse(body.toString("utf8")) as Directive;
      },
      reset: () => {
        release();
        next = null;
        seen.length = 0;
        stored.clear();
        Object.assign(count, { openai: 0, anthropic: 0, google: 0, xai: 0 });
      },
    };
    const answer = answers[(req.url ?? "").slice("/__control/".length)];
    const json = JSON.stringify(answer?.() ?? {});
    res.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(json);
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.url === "/price-list.json")
      return void res
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(priceList()));
    const [, name, rest = ""] = /^\/(openai|anthropic|google|xai)(\/.*)$/.exec(req.url ?? "") ?? [];
    if (name === undefined) return void res.writeHead(404).end();
    const provider = name as Name;
    // Lists are asked for by the check of the catalog and are no requests of clients: they are not counted.
    if (req.method === "GET" && /^\/(v1\/|v1beta\/)?models(\?|$)/.test(rest))
      return void res
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(modelList(provider)));
    count[provider]++;
    const given = next;
    next = null;
    const bytes = await bytesOf(req);
    const [path = "", query = ""] = rest.split("?");
    const method = req.method ?? "";
    const record: SeenRequest = {
      ...{ provider, method, path, headers: req.headers },
      ...{ bodySha256: sha256(bytes), bodyBytes: bytes.length },
    };
    seen.push(record);
    if (seen.length > SEEN_MAX) seen.shift();
    res.once("close", () => {
      if (!res.writableFinished) record.closedEarlyAt = Date.now();
    });
    const raw = req.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
    const directive = given ?? directiveIn(raw);
    const headers = { ...usualHeaders(provider), ...directive.headers };
    const send = async (
      status: number,
      type: string,
      body: Buffer | string,
      more: Record<string, string> = {},
    ) => {
      record.answerSha256 = await sendBody({
        ...{ res, directive, status, body },
        headers: { "content-type": type, ...headers, ...more },
      });
    };
    const refuse = (status: number, message: string, more?: Record<string, string>) =>
      send(status, "application/json", failure(provider, status, message), more);

    const account = accountRefusal(provider, path, req.headers);
    if (account?.hangUp) return void res.destroy();
    if (account) return send(account.status, "application/json", account.body, account.headers);
    if (directive.hang) return;
    if (directive.hold) await new Promise<void>((resolve) => waiting.push(resolve));
    if (directive.delayMs) await sleep(directive.delayMs);
    if (directive.dropConnection) return void res.destroy();
    if (directive.status) {
      const quoted = directive.quote ? `: ${raw.toString("utf8").slice(0, 500)}` : ".";
      const wait: Record<string, string> = directive.retryAfter
        ? { "retry-after": String(directive.retryAfter) }
        : {};
      if (directive.error !== undefined)
        return send(directive.status, "application/json", JSON.stringify(directive.error), wait);
      return refuse(directive.status, `The sandbox was asked to fail${quoted}`, wait);
    }
    if (method !== "POST") {
      const found = storedAnswer({ path, method, stored });
      return found
        ? send(200, found.type, found.body ?? "")
        : refuse(404, `Response with id '${path.split("/")[2]}' not found.`);
    }
    const body = bodyOf(raw, req.headers["content-type"] ?? "");
    if (body === null) return refuse(400, "We could not parse the JSON body of your request.");
    const answer = answerTo({ provider, path, query, body, raw, directive }, stored);
    if (!answer) return refuse(404, `Invalid URL (POST ${path})`);
    if (directive.wrongJson) return send(200, "application/json", '{"id": "broken", ');
    if (directive.huge)
      return send(200, "application/json", `{"id":"huge","text":"${"x".repeat(directive.huge)}"}`);
    if (!answer.events) return send(200, answer.type, answer.body ?? "");
    const sum = await sendStream({
      ...{ res, pieces: answer.events, headers: { "content-type": answer.type, ...headers } },
      directive: demo ? { chunkDelayMs: 30, ...directive } : directive,
    });
    if (sum !== null) record.answerSha256 = sum;
  };

  const server = createServer((req, res) => {
    const work = req.url?.startsWith("/__control/") ? control(req, res) : serve(req, res);
    work.catch(() => res.destroy());
  });
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

/** The endpoints that each provider has, by the end of their path. */
function answerTo(asked: Asked, stored: Map<string, Stored>): Answer | null {
  const everyone: [string, (asked: Asked) => Answer][] = [["/chat/completions", chat]];
  const some: Record<Name, [string, (asked: Asked) => Answer][]> = {
    openai: [
      ["/responses", (it) => responses(it, stored)],
      ["/responses/input_tokens", inputTokensCounted],
      ["/responses/compact", compact],
      ["/embeddings", media.embeddings],
      ["/images/generations", media.images],
      ["/images/edits", media.images],
      ["/audio/speech", media.speech],
      ["/audio/transcriptions", media.transcriptions],
      ["/moderations", media.moderations],
    ],
    anthropic: [
      ["/messages", anthropic.messages],
      ["/messages/count_tokens", anthropic.counted],
    ],
    google: [
      ["/openai/embeddings", media.embeddings],
      [":generateContent", google.generate],
      [":streamGenerateContent", google.generate],
      [":countTokens", google.counted],
      [":embedContent", google.embed],
      [":batchEmbedContents", google.embed],
    ],
    xai: [
      ["/responses", (it) => responses(it, stored)],
      ["/images/generations", media.images],
    ],
  };
  const found = [...everyone, ...some[asked.provider]].find(([end]) => asked.path.endsWith(end));
  return found?.[1](asked) ?? null;
}

async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The JSON of a body, or the plain fields of a form; null for what is neither. */
function bodyOf(raw: Buffer, contentType: string): Record<string, unknown> | null {
  if (contentType.startsWith("multipart/form-data")) {
    const parts = raw
      .toString("latin1")
      .matchAll(/name="([^"]+)"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]{0,500})\r\n--/g);
    return Object.fromEntries(Array.from(parts, ([, name = "", value]) => [name, value]));
  }
  try {
    return JSON.parse(raw.toString("utf8")) as Record<string, unknown>;
  } catch {
    return null;
  }
}
