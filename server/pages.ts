import { Agent, request, type IncomingMessage, type ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { sendBuildingPage } from "./building-page";
import { pageResponseHeaders } from "./ingress/page-request-headers";
import { startPageThread } from "./page-thread";

/** Visitors' requests and those of other programs (Stripe, schedulers) have separate connections to the page thread. */
export type PageAudience = "visitors" | "programs";

const CONNECTIONS: Record<PageAudience, number> = { visitors: 256, programs: 32 };
/** Requests that may wait for a connection, for each one there is. */
const WAITING_PER_CONNECTION = 2;
/** Milliseconds until a page must have begun its response: a sweep by a scheduler takes the longest. */
const RESPONSE_WITHIN_MS = 120_000;
/** Milliseconds that a client may take to read what it was sent; less when others wait for a connection. */
const STALL_MS = 60_000;
const STALL_WHEN_FULL_MS = 5_000;
const STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'";

export type PageRequest = {
  method: string;
  target: string;
  headers: Record<string, string | string[]>;
  body: Buffer | null;
  res: ServerResponse;
  lane: PageAudience;
};

export type PageServer = {
  /** Sends a complete request to the page thread; rejects with AppError when it cannot be served. */
  serve(pageRequest: PageRequest): Promise<void>;
  /** Whether the pages have been up once, or say that they are being built. */
  started(): boolean;
  close(): Promise<void>;
};

/**
 * Runs Next in a separate thread, reached over a private socket: a page that renders delays no stream, and what Next does
 * to its thread (async hooks on every promise, a patched Date) costs the gateway nothing.
 */
export function startPages({ port }: { port: number }): PageServer {
  const thread = startPageThread({ port });
  const lanes = { visitors: createLane("visitors"), programs: createLane("programs") };
  return {
    serve: async (pageRequest) => {
      const buildingMs = thread.buildingMs();
      if (buildingMs !== null) {
        const { res, method, headers } = pageRequest;
        const accept = String(headers.accept ?? "");
        return sendBuildingPage({ res, accept, isHead: method === "HEAD", elapsedMs: buildingMs });
      }
      const lane = lanes[pageRequest.lane];
      lane.enter(pageRequest.res);
      const socketPath = await thread.socketPath();
      if (pageRequest.res.destroyed) return;
      await send({ pageRequest, socketPath, lane });
    },
    started: () => thread.started() || thread.buildingMs() !== null,
    close: async () => {
      for (const { agent } of Object.values(lanes)) agent.destroy();
      await thread.close();
    },
  };
}

type PageLane = ReturnType<typeof createLane>;

function createLane(name: PageAudience) {
  const max = CONNECTIONS[name];
  const agent = new Agent({ keepAlive: true, maxSockets: max, timeout: 50_000 });
  let inProgress = 0;
  /** Responses that wait for their client to read, the one that has waited longest first. */
  const stalledSince = new Map<ServerResponse, number>();
  return {
    agent,
    stalled: stalledSince,
    /** Counts a request until its response has ended; throws AppError `unavailable` when too many wait already. */
    enter(res: ServerResponse): void {
      if (inProgress >= max) {
        const [oldest] = stalledSince;
        if (oldest && performance.now() - oldest[1] > STALL_WHEN_FULL_MS) oldest[0].destroy();
      }
      if (inProgress >= max * WAITING_PER_CONNECTION) throw tooBusy();
      inProgress++;
      res.once("close", () => {
        inProgress--;
        stalledSince.delete(res);
      });
    },
  };
}

type PageResponse = { pageRequest: PageRequest; socketPath: string; lane: PageLane };

/** Resolves when the response has begun to be passed on; rejects when the page thread gave none. */
function send({ pageRequest, socketPath, lane }: PageResponse, isRetry = false): Promise<void> {
  const { method, target, headers, body, res } = pageRequest;
  return new Promise((resolve, reject) => {
    const pageSide = request(
      { socketPath, agent: lane.agent, method, path: target, headers },
      (response) => {
        clearTimeout(timer);
        relayResponse({ response, res, lane });
        resolve();
      },
    );
    const timer = setTimeout(
      () => pageSide.destroy(new AppError("timeout", "The page took too long to respond.")),
      RESPONSE_WITHIN_MS,
    );
    const onClientClose = () => pageSide.destroy();
    res.once("close", onClientClose);
    pageSide.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (res.headersSent || res.destroyed) {
        res.destroy();
        return resolve();
      }
      // The page thread closed a connection that had been idle; nothing of this request was read.
      if (pageSide.reusedSocket && error.code === "ECONNRESET" && body === null && !isRetry) {
        res.off("close", onClientClose);
        return send({ pageRequest, socketPath, lane }, true).then(resolve, reject);
      }
      reject(error instanceof AppError ? error : unavailable());
    });
    pageSide.end(body ?? undefined);
  });
}

/** Passes a page's response on as fast as its client reads; a client that stops reading is cut off. */
function relayResponse({
  response,
  res,
  lane,
}: {
  response: IncomingMessage;
  res: ServerResponse;
  lane: PageLane;
}): void {
  const headers = pageResponseHeaders(response.rawHeaders);
  const { "content-type": type, "content-security-policy": policy } = response.headers;
  // What Next serves without proxy.ts having seen it, such as an error while the path was matched.
  if (policy === undefined && (type === undefined || type.startsWith("text/html")))
    headers.push("content-security-policy", STRICT_POLICY, "x-frame-options", "DENY");
  res.writeHead(response.statusCode ?? 502, response.statusMessage, headers);
  let timer: NodeJS.Timeout | undefined;
  response.on("data", (chunk: Buffer) => {
    if (res.write(chunk)) return;
    response.pause();
    lane.stalled.set(res, performance.now());
    timer = setTimeout(() => res.destroy(), STALL_MS);
    res.once("drain", () => {
      clearTimeout(timer);
      lane.stalled.delete(res);
      response.resume();
    });
  });
  response.once("end", () => res.end());
  response.once("error", () => res.destroy());
  res.once("close", () => {
    clearTimeout(timer);
    response.destroy();
  });
}

const tooBusy = () =>
  new AppError("unavailable", "Too many pages are being loaded. Try again in a moment.", {
    headers: { "retry-after": "2" },
  });

const unavailable = () =>
  new AppError("unavailable", "The pages are restarting. Try again in a moment.", {
    headers: { "retry-after": "2" },
  });
