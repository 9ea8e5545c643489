import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { ProviderName } from "./mock-response";
import { directiveIn, type MockDirective } from "./directive";
import { answerTo, bodyOf } from "./endpoints";
import { modelList, priceList } from "./models";
import { responses, storedAnswer, type StoredResponse } from "./openai-responses";
import { accountRefusal, failure, usualHeaders } from "./refusals";
import { sendBody, sendStream } from "./send";
import { serveSockets } from "./socket";

export type SeenRequest = {
  provider: ProviderName;
  method: string;
  path: string;
  headers: Record<string, unknown>;
  bodySha256: string;
  bodyBytes: number;
  answerSha256?: string;
  /** Of a turn on a socket, by event. */
  eventSha256?: string[];
  closedEarlyAt?: number;
};
export type MockProviders = {
  port: number;
  urls: Record<ProviderName, string>;
  seen: SeenRequest[];
  counts: () => Record<ProviderName, number>;
  close: () => Promise<void>;
};

const SEEN_MAX = 10_000;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** The four providers, pretended on one loopback port. With `demo`, streams take their time, as a person sees them. */
export async function startProviders({
  port = 0,
  demo = false,
}: { port?: number; demo?: boolean } = {}): Promise<MockProviders> {
  const requests: SeenRequest[] = [];
  const count: Record<ProviderName, number> = { openai: 0, anthropic: 0, google: 0, xai: 0 };
  const responsesById = new Map<string, StoredResponse>();
  let waiting: (() => void)[] = [];
  let next: MockDirective | null = null;
  const release = () => {
    for (const go of waiting) go();
    waiting = [];
  };

  /** The paths that control the mocks. */
  const control = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await bytesOf(req);
    const answers: Record<string, () => unknown> = {
      seen: () => requests,
      counts: () => count,
      release,
      /** The directive of the next request, where its body cannot contain one. */
      next: () => {
        next = JSON.parse(body.toString("utf8")) as MockDirective;
      },
      reset: () => {
        release();
        next = null;
        requests.length = 0;
        responsesById.clear();
        Object.assign(count, { openai: 0, anthropic: 0, google: 0, xai: 0 });
      },
    };
    const answer = answers[(req.url ?? "").slice("/__control/".length)];
    const json = JSON.stringify(answer?.() ?? {});
    res.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(json);
  };

  const takeNext = () => {
    const directive = next;
    next = null;
    return directive;
  };
  const noteRequest = (record: SeenRequest) => {
    requests.push(record);
    if (requests.length > SEEN_MAX) requests.shift();
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.url === "/price-list.json")
      return void res
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(priceList()));
    const [, name, providerPath = ""] =
      /^\/(openai|anthropic|google|xai)(\/.*)$/.exec(req.url ?? "") ?? [];
    if (name === undefined) return void res.writeHead(404).end();
    const provider = name as ProviderName;
    // Lists are asked for by the check of the catalog and are no requests of clients: they are not counted.
    if (req.method === "GET" && /^\/(v1\/|v1beta\/)?models(\?|$)/.test(providerPath))
      return void res
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(modelList(provider)));
    count[provider]++;
    const presetDirective = takeNext();
    const bytes = await bytesOf(req);
    const [path = "", query = ""] = providerPath.split("?");
    const method = req.method ?? "";
    const record: SeenRequest = {
      provider,
      method,
      path,
      headers: req.headers,
      bodySha256: sha256(bytes),
      bodyBytes: bytes.length,
    };
    noteRequest(record);
    res.once("close", () => {
      if (!res.writableFinished) record.closedEarlyAt = Date.now();
    });
    const raw = req.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
    const directive = presetDirective ?? directiveIn(raw);
    const headers = { ...usualHeaders(provider), ...directive.headers };
    const send = async (
      status: number,
      type: string,
      body: Buffer | string,
      extraHeaders: Record<string, string> = {},
    ) => {
      record.answerSha256 = await sendBody({
        res,
        directive,
        status,
        body,
        headers: {
          "content-type": type,
          ...headers,
          ...extraHeaders,
        },
      });
    };
    const refuse = (status: number, message: string, headers?: Record<string, string>) =>
      send(status, "application/json", failure(provider, status, message), headers);

    const account = accountRefusal(provider, path, req.headers);
    if (account?.hangUp) return void res.destroy();
    if (account) return send(account.status, "application/json", account.body, account.headers);
    if (directive.hang) return;
    if (directive.hold) await new Promise<void>((resolve) => waiting.push(resolve));
    if (directive.delayMs) await sleep(directive.delayMs);
    if (directive.dropConnection) return void res.destroy();
    if (directive.status) {
      const quotedBody = directive.quote ? `: ${raw.toString("utf8").slice(0, 500)}` : ".";
      const wait: Record<string, string> = directive.retryAfter
        ? { "retry-after": String(directive.retryAfter) }
        : {};
      if (directive.error !== undefined)
        return send(directive.status, "application/json", JSON.stringify(directive.error), wait);
      return refuse(directive.status, `The sandbox was asked to fail${quotedBody}`, wait);
    }
    if (method !== "POST") {
      const storedResponse = storedAnswer({ path, method, stored: responsesById });
      return storedResponse
        ? send(200, storedResponse.type, storedResponse.body ?? "")
        : refuse(404, `Response with id '${path.split("/")[2]}' not found.`);
    }
    const body = bodyOf(raw, req.headers["content-type"] ?? "");
    if (body === null) return refuse(400, "We could not parse the JSON body of your request.");
    const answer = answerTo({ provider, path, query, body, raw, directive, demo }, responsesById);
    if (!answer) return refuse(404, `Invalid URL (POST ${path})`);
    if (directive.wrongJson) return send(200, "application/json", '{"id": "broken", ');
    if (directive.huge)
      return send(200, "application/json", `{"id":"huge","text":"${"x".repeat(directive.huge)}"}`);
    if (!answer.events) return send(200, answer.type, answer.body ?? "");
    const sum = await sendStream({
      res,
      pieces: answer.events,
      headers: {
        "content-type": answer.type,
        ...headers,
      },
      directive: demo
        ? {
            chunkDelayMs: 30,
            ...directive,
          }
        : directive,
    });
    if (sum !== null) record.answerSha256 = sum;
  };

  // On a busy machine a client would send on a connection that is just being closed as idle.
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const work = req.url?.startsWith("/__control/") ? control(req, res) : serve(req, res);
    work.catch(() => res.destroy());
  });
  const sockets = serveSockets({
    server,
    takeNext,
    onTurn: (turn) => {
      count[turn.provider]++;
      noteRequest(turn);
    },
    isStored: (id) => responsesById.has(id),
    respond: (provider, body, raw, directive) =>
      responses(
        {
          provider,
          path: "/responses",
          query: "",
          body,
          raw,
          directive,
          demo,
        },
        responsesById,
      ),
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
    seen: requests,
    counts: () => ({ ...count }),
    close: () =>
      new Promise((resolve) => {
        release();
        server.close(() => resolve());
        server.closeAllConnections();
        sockets.close();
      }),
  };
}

async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
