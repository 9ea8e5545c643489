import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What a test has the mock upstream answer, written in the request's text as `@@{json}@@`: `status`, `headers` and `error` (the
 * body: a text as it is, anything else as JSON) of an error, `credentials` where only requests with one of these get it,
 * `reset` to break the connection, `usage` to state in a success, `delayMs` to wait for before the response, `events` of a
 * stream with `eventDelayMs` between them. Without one, it answers with a short success of any dialect.
 */
export type UpstreamDirective = {
  status?: number;
  headers?: Record<string, string>;
  error?: unknown;
  credentials?: string[];
  reset?: boolean;
  usage?: Record<string, unknown>;
  delayMs?: number;
  events?: unknown[];
  eventDelayMs?: number;
};

const SUCCESS = JSON.stringify({
  id: "mock-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "fine" }, finish_reason: "stop" }],
  content: [{ type: "text", text: "fine" }],
  candidates: [{ content: { parts: [{ text: "fine" }] }, finishReason: "STOP" }],
  usage: {
    prompt_tokens: 4,
    completion_tokens: 1,
    total_tokens: 5,
    input_tokens: 4,
    output_tokens: 1,
  },
  usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 1, totalTokenCount: 5 },
});

function successWith({ usage }: UpstreamDirective): string {
  return usage === undefined ? SUCCESS : JSON.stringify({ ...JSON.parse(SUCCESS), usage });
}

async function streamEvents(
  res: ServerResponse,
  { events = [], eventDelayMs = 0 }: UpstreamDirective,
): Promise<void> {
  res.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    res.write(`data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, eventDelayMs));
    if (res.destroyed) return;
  }
  res.end();
}

export type MockUpstream = {
  origin: string;
  /** The credentials of the requests so far. */
  requests: string[];
  /** Their paths. */
  paths: string[];
  /** The body of the newest one. */
  lastBody(): string;
  close(): Promise<void>;
};

/** A provider on a loopback port that does what each request says. */
export async function startMockUpstream(): Promise<MockUpstream> {
  const requests: string[] = [];
  const paths: string[] = [];
  let lastBody = "";
  // On a busy machine a client would send on a connection that is just being closed as idle.
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const { authorization = "", "x-api-key": xApiKey, "x-goog-api-key": googKey } = req.headers;
      const credential = String(xApiKey ?? googKey ?? authorization.replace("Bearer ", ""));
      requests.push(credential);
      paths.push(req.url ?? "");
      lastBody = Buffer.concat(chunks).toString("utf8");
      const directive = directiveIn(lastBody);
      const applies = directive.credentials?.includes(credential) ?? true;
      if (applies && directive.reset) return void req.socket.destroy();
      setTimeout(() => respond(res, directive, applies), directive.delayMs ?? 0);
    });
  });
  const respond = (res: ServerResponse, directive: UpstreamDirective, applies: boolean) => {
    if (directive.events) return void streamEvents(res, directive);
    const isError = applies && directive.status !== undefined;
    const { status = 200, headers = {}, error = "" } = isError ? directive : {};
    const body = isError
      ? typeof error === "string"
        ? error
        : JSON.stringify(error)
      : successWith(directive);
    res.writeHead(status, { "content-type": "application/json", ...headers });
    res.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    paths,
    lastBody: () => lastBody,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The directive stands inside a JSON string. */
function directiveIn(body: string): UpstreamDirective {
  const text = /@@(.*?)@@/s.exec(body)?.[1];
  if (text === undefined) return {};
  return JSON.parse(JSON.parse(`"${text}"`) as string) as UpstreamDirective;
}

export const withDirective = (directive: UpstreamDirective): string =>
  `hello @@${JSON.stringify(directive)}@@`;
