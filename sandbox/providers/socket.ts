import { createHash } from "node:crypto";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer, type WebSocket } from "ws";
import type { MockResponse, ProviderName } from "./mock-response";
import { directiveIn, type MockDirective } from "./directive";
import { accountRefusal, failure } from "./refusals";
import { declaredTools, resultsIn } from "./tool-script";

/** One turn on a socket, as a test sees it. */
export type SeenTurn = {
  provider: ProviderName;
  method: "SOCKET";
  path: string;
  headers: Record<string, unknown>;
  bodySha256: string;
  bodyBytes: number;
  /** The SHA-256 of each event sent, in their order. */
  eventSha256: string[];
};

type Options = {
  server: Server;
  /** The response to a body, as over HTTP. */
  respond(
    provider: ProviderName,
    body: Record<string, unknown>,
    raw: Buffer,
    directive: MockDirective,
  ): MockResponse;
  onTurn(turn: SeenTurn): void;
  /** The directive that was posted for the next request; null where there is none. */
  takeNext(): MockDirective | null;
  /** Whether a response can be read by its id. */
  isStored(id: string): boolean;
};

const SOCKET_PATH = /^\/(openai|xai)\/v1\/responses$/;
/** The tokens of a conversation, the script that a turn brought, how many of its commands ran, and the tools so far. */
type Context = { tokens: number; directive: MockDirective; results: number; tools: unknown[] };

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/**
 * The sockets of OpenAI's and xAI's Responses API: each `response.create` gets the events that its body would get over HTTP,
 * and `previous_response_id` may name what the same socket has had before, stored or not.
 * https://developers.openai.com/api/docs/guides/websocket-mode
 */
export function serveSockets(options: Options): { close(): void } {
  const cuts = new Set<string>();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  options.server.on("upgrade", (req, connection, head) => {
    const provider = SOCKET_PATH.exec(req.url?.split("?")[0] ?? "")?.[1] as
      | ProviderName
      | undefined;
    const refusal = provider && accountRefusal(provider, "/responses", req.headers);
    if (!provider || refusal) {
      const status = refusal ? `${refusal.status} Refused` : "404 Not Found";
      const body = refusal?.body ?? "";
      const extra = Object.entries(refusal?.headers ?? {}).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      );
      connection.end(
        `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${extra.join("")}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(req, connection, head, (socket) =>
      serveSocket({ socket, provider, headers: req.headers, options, cuts }),
    );
  });
  return {
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function serveSocket({
  socket,
  provider,
  headers,
  options,
  cuts,
}: {
  socket: WebSocket;
  provider: ProviderName;
  headers: Record<string, unknown>;
  options: Options;
  /** The texts of `cutOnce` that have been met. */
  cuts: Set<string>;
}): void {
  /** What each response of this socket had, with all that led to it. */
  const contexts = new Map<string, Context>();
  let lane = Promise.resolve();
  socket.on("error", () => {});
  socket.on("message", (raw: Buffer) => {
    lane = lane.then(() => serveTurn(raw)).catch(() => socket.terminate());
  });

  async function serveTurn(raw: Buffer): Promise<void> {
    const turn: SeenTurn = {
      provider,
      method: "SOCKET",
      path: "/responses",
      headers,
      bodySha256: sha256(raw),
      bodyBytes: raw.length,
      eventSha256: [],
    };
    options.onTurn(turn);
    const send = (text: string) => {
      const bytes = Buffer.from(text);
      turn.eventSha256.push(sha256(bytes));
      socket.send(bytes, { binary: false });
    };
    const sendFailure = (status: number, message: string, fields: object = {}) => {
      const { error } = JSON.parse(failure(provider, status, message)) as { error: unknown };
      const details = typeof error === "object" ? error : { message: error };
      send(JSON.stringify({ type: "error", status, error: { ...details, ...fields } }));
    };
    const body = JSON.parse(raw.toString("utf8")) as Record<string, unknown>;
    const previous = body.previous_response_id;
    const context = contexts.get(typeof previous === "string" ? previous : "");
    const directive = options.takeNext() ?? directiveOf(raw, context);
    if (directive.hang) return;
    if (directive.delayMs) await sleep(directive.delayMs);
    if (directive.dropConnection) return socket.terminate();
    if (directive.status) return sendFailure(directive.status, "The sandbox was asked to fail.");
    if (body.type !== "response.create") return sendFailure(400, "Unknown event.");
    if (typeof previous === "string" && !contexts.has(previous) && !options.isStored(previous))
      return sendFailure(400, `Previous response with id '${previous}' not found.`, {
        code: "previous_response_not_found",
        param: "previous_response_id",
      });
    const { events = [] } = options.respond(provider, { ...body, stream: true }, raw, directive);
    let frameCount = 0;
    const cutOnce = directive.cutOnce ?? "";
    const isCut = cutOnce !== "" && !cuts.has(cutOnce) && body.generate !== false;
    if (isCut) cuts.add(cutOnce);
    for (const event of events) {
      const data = withContext(event.slice(event.indexOf("data: ") + 6).trimEnd());
      send(directive.prettyEvents ? JSON.stringify(JSON.parse(data), null, 2) : data);
      if (++frameCount === directive.cutAfterChunks || isCut) return socket.terminate();
      if (frameCount === directive.hangAfterChunks) return;
      if (directive.chunkDelayMs) await sleep(directive.chunkDelayMs);
    }

    /** Adds the tokens of what came before to the usage of the last event. */
    function withContext(data: string): string {
      const message = JSON.parse(data) as {
        response?: { id: string; usage?: Record<string, number> | null };
      };
      const usage = message.response?.usage;
      if (!message.response || !usage) return data;
      if (!directive.usage) usage.input_tokens = (usage.input_tokens ?? 0) + (context?.tokens ?? 0);
      usage.total_tokens = (usage.input_tokens ?? 0) + (usage.output_tokens ?? 0);
      contexts.set(message.response.id, {
        tokens: usage.total_tokens,
        directive,
        results: (directive.resultsBefore ?? 0) + resultsIn(raw),
        tools: [...(context?.tools ?? []), ...declaredTools(body)],
      });
      return JSON.stringify(message);
    }
  }
}

/** The directive of a turn; a script goes on in the turns that continue the one that brought it. */
function directiveOf(raw: Buffer, context: Context | undefined): MockDirective {
  const directive = directiveIn(raw);
  const { shell, text } = context?.directive ?? {};
  if (directive.shell || !context || !shell) return directive;
  return {
    ...(text === undefined ? {} : { text }),
    shell,
    resultsBefore: context.results,
    toolsBefore: context.tools,
  };
}
