import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { clientAddress } from "@/lib/http/client-address";
import type { Handshake } from "@/lib/gateway/adapters/socket";
import { findApiPath } from "@/lib/http/api-path";
import { findTargetProblem } from "@/lib/http/request-target";
import { errorName, log } from "@/lib/log";
import type { PageServer } from "../pages";
import { addressGroup, createConnections, isLoopbackAddress } from "./connections";
import { createAddressShares } from "./address-shares";
import { serveHealth } from "./health";
import { handleClientErrors } from "./client-errors";
import { isGrpc, refuseGrpc } from "./refuse-http2";
import { createPageRequests } from "./serve-page";
import { sendError } from "./send-error";
import { createUnauthorizedLimit } from "./unauthorized-limit";
import { UpgradeRequest } from "./upgrade-request";

const HEADER_BYTES_MAX = 16_384;
const HEADERS_MAX = 128;
/** Milliseconds for a request's headers, for a complete request of the API, and for an idle connection. */
const HEADERS_WITHIN_MS = 15_000;
const REQUEST_WITHIN_MS = 300_000;
const KEEP_ALIVE_MS = 75_000;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Owns whatever comes in from outside: checks a request's target, method and headers, shares connections and memory out
 * among clients, responds to what needs neither the gateway nor a page, and gives the rest to `serveApi` or to the pages.
 * Nothing that is wrong with one request reaches another.
 */
export function createIngress({
  pages,
  serveApi,
  serveSocket,
}: {
  pages: PageServer;
  serveApi: (req: IncomingMessage, res: ServerResponse) => void;
  serveSocket: (handshake: Handshake) => void;
}): Server {
  const { ingress, clientAddressHeader } = env();
  const connections = createConnections({
    max: ingress.connectionsMax,
    // Behind an edge every connection has the edge's address: requests are counted by the client's instead.
    perAddressMax: clientAddressHeader === undefined ? addressLimit : null,
  });
  const shares = createAddressShares(clientAddressHeader === undefined ? () => null : addressLimit);
  const unauthorizedLimit = createUnauthorizedLimit(ingress.unauthorizedPerMinute ?? 120);
  const servePage = createPageRequests({ pages, connections });

  /** A local proxy speaks for every client, so loopback is limited only where the limit was set. */
  function addressLimit(address: string): number | null {
    if (ingress.connectionsPerAddress !== null) return ingress.connectionsPerAddress;
    return isLoopbackAddress(address) ? null : 512;
  }

  function isUnauthorizedLimited(address: string): boolean {
    return ingress.unauthorizedPerMinute !== null || !isLoopbackAddress(address);
  }

  function serveGateway(
    req: IncomingMessage,
    res: ServerResponse,
    { address, upgrade }: { address: string; upgrade: Upgrade | undefined },
  ): void {
    if (isUnauthorizedLimited(address)) {
      const group = addressGroup(address);
      const problem = unauthorizedLimit.check(req, res, group, (error) =>
        sendError({ req, res, error }),
      );
      if (problem !== null) return sendError({ req, res, error: problem });
      res.once("close", () => {
        if (res.statusCode === 401) unauthorizedLimit.noteFailure(group);
      });
    }
    if (upgrade) serveSocket({ req, res, ...upgrade });
    else serveApi(req, res);
  }

  function serve(req: IncomingMessage, res: ServerResponse, upgrade?: Upgrade): void {
    const url = req.url ?? "";
    const problem = findTargetProblem(url);
    if (problem !== null)
      return sendError({ req, res, error: new AppError("bad_request", problem) });
    const query = url.indexOf("?");
    const path = query < 0 ? url : url.slice(0, query);
    const isApi = findApiPath(path, req.headers) !== null;
    const rejection = findHeaderProblem(req, { isApi, isServed: upgrade !== undefined });
    if (rejection !== null) return sendError({ req, res, ...rejection });
    if (isGrpc(req)) return refuseGrpc(req, res);
    if (serveHealth(path, { req, res, started: pages.started() })) return;
    const address = clientAddress(req) || (req.socket.remoteAddress ?? "");
    const release = shares.take(address, req);
    if (release === null) return sendError({ req, res, error: tooManyRequests() });
    if (release !== undefined && !upgrade) res.once("close", release);
    if (isApi) serveGateway(req, res, { address, upgrade });
    else servePage({ req, res, path, address });
  }

  function accept(req: IncomingMessage, res: ServerResponse, upgrade?: Upgrade): void {
    req.on("error", ignoreError);
    res.on("error", ignoreError);
    connections.begin(req, res, () => {
      try {
        serve(req, res, upgrade);
      } catch (error) {
        log.error("request.failed", { error: errorName(error) });
        sendError({ req, res, error: new AppError("internal", "Something failed on our side.") });
      }
    });
  }

  const server = createServer(
    {
      IncomingMessage: UpgradeRequest,
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5_000,
    },
    (req, res) => accept(req, res),
  );
  // Node would leave out what comes after its own maximum, unseen: all are kept, bounded by their bytes, and counted here.
  server.maxHeadersCount = 0;
  server.on("connection", (socket) => connections.add(socket, socket.remoteAddress ?? ""));
  server.on("upgrade", (req: IncomingMessage, connection: Duplex, head: Buffer) => {
    // Node has given the connection up: what refuses the handshake is sent by a response of ours, and ends it.
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(req.socket);
    res.once("finish", () => connection.end());
    accept(req, res, { connection, head });
  });
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => {
    continueWhenRead(req, res);
    accept(req, res);
  });
  server.on("checkExpectation", (req: IncomingMessage, res: ServerResponse) => {
    const error = new AppError("bad_request", "Of Expect, only 100-continue is supported.");
    connections.begin(req, res, () => sendError({ req, res, error, status: 417 }));
  });
  handleClientErrors(server);
  return server;
}

/** A client that closes its connection while its request waits or is read is an event of that request. */
const ignoreError = () => {};

/** A connection whose client asks for a socket, and what it has sent of it. */
type Upgrade = Pick<Handshake, "connection" | "head">;

/** Asks for a body that the client holds back only when somebody reads it: a rejected request never sends it. */
function continueWhenRead(req: IncomingMessage, res: ServerResponse): void {
  const { shouldKeepAlive } = res;
  // A response without the body leaves open whether it still comes.
  res.shouldKeepAlive = false;
  req.once("resume", () => {
    if (res.headersSent || res.destroyed) return;
    res.shouldKeepAlive = shouldKeepAlive;
    res.writeContinue();
  });
}

function findHeaderProblem(
  req: IncomingMessage,
  { isApi, isServed }: { isApi: boolean; isServed: boolean },
): { error: AppError; status?: number } | null {
  if (req.rawHeaders.length > HEADERS_MAX * 2)
    return {
      error: new AppError("bad_request", `A request may have at most ${HEADERS_MAX} headers.`),
      status: 431,
    };
  if (!METHODS.has(req.method ?? ""))
    return {
      error: new AppError("method_not_allowed", "This method is not supported.", {
        headers: { allow: [...METHODS].join(", ") },
      }),
    };
  const { upgrade } = req.headers;
  // RFC 9110 §7.8 lets a server go on as if Upgrade were not there. Some HTTP clients offer h2c with each first request.
  if (isServed || upgrade === undefined || /^\s*h2c\s*$/i.test(upgrade)) return null;
  return {
    error: isApi
      ? new AppError(
          "upgrade_required",
          "Only HTTP/1.1 is supported here. Send the request as a POST. /v1/responses also takes WebSockets.",
          {
            headers: { upgrade: "HTTP/1.1", connection: "Upgrade, close" },
          },
        )
      : new AppError("bad_request", "Upgrading this connection is not supported.", {
          headers: { connection: "close" },
        }),
  };
}

const tooManyRequests = () =>
  new AppError("rate_limited", "Too many requests from this address are in progress. Try again.", {
    headers: { "retry-after": "1" },
  });
