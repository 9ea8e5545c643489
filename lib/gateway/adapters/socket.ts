import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import type { Exchange } from "../exchange";
import { authenticate, type Caller } from "../request/authenticate";
import { checkQuery } from "../request/check-query";
import { asksForQuote } from "../request/quote-target";
import { refuse } from "../response/refuse";
import { serveClientSocket, type ClientSocket } from "../socket/client-socket";
import { createNodeExchange } from "./node";

/** A handshake: its request, what is left of its connection, and a response for what refuses it. */
export type Handshake = {
  req: IncomingMessage;
  res: ServerResponse;
  connection: Duplex;
  head: Buffer;
};

/** The one path whose requests may come on a socket. */
export const SOCKET_PATH = "/v1/responses";
/** Headers of the handshake itself. */
const HANDSHAKE_HEADERS =
  /^(connection|upgrade|sec-websocket-.+|content-length|content-encoding|transfer-encoding|te|expect|x-onekey-quote)$/;

/**
 * The sockets of a server, by OpenAI's protocol: https://developers.openai.com/api/docs/guides/websocket-mode
 * The key is checked before the connection is upgraded, and again by the hold of each turn.
 */
export function createSocketGateway(track: (work: Promise<unknown>) => void) {
  const openSockets = new Set<ClientSocket>();
  const socketsOf = new Map<string, number>();
  let isClosing = false;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: env().limits.bodyBytesMax,
  });

  async function admit(exchange: Exchange): Promise<Caller> {
    checkQuery(exchange.query, "openai");
    if (isClosing) throw serverStops();
    if (asksForQuote(exchange)) throw quotesOverHttp();
    const caller = await authenticate(exchange);
    const max = Math.min(env().sockets.perAccountMax, caller.limits.requestsInFlight);
    if ((socketsOf.get(caller.accountId) ?? 0) >= max) throw tooManySockets(max);
    return caller;
  }

  function upgrade({ req, res, connection, head }: Handshake, caller: Caller): void {
    const { accountId, digest } = caller;
    const exchange = createNodeExchange(req, res);
    const headers: Exchange["headers"] = { "content-type": "application/json" };
    for (const [name, value] of Object.entries(req.headers))
      if (!HANDSHAKE_HEADERS.test(name)) headers[name] = value;
    const { query, address } = exchange;
    res.detachSocket(req.socket);
    server.handleUpgrade(req, connection, head, (socket) => {
      const request = { path: SOCKET_PATH, query, address, headers };
      const servedSocket = { socket, connection, request, caller: { accountId, digest }, track };
      const clientSocket = serveClientSocket(servedSocket);
      openSockets.add(clientSocket);
      socketsOf.set(accountId, (socketsOf.get(accountId) ?? 0) + 1);
      socket.once("close", () => {
        openSockets.delete(clientSocket);
        const otherSockets = (socketsOf.get(accountId) ?? 1) - 1;
        if (otherSockets > 0) socketsOf.set(accountId, otherSockets);
        else socketsOf.delete(accountId);
      });
    });
  }

  return {
    /** Upgrades a connection whose key is valid; any other gets the error as an HTTP response. */
    async accept(handshake: Handshake): Promise<void> {
      const exchange = createNodeExchange(handshake.req, handshake.res);
      try {
        const caller = await admit(exchange);
        if (!handshake.connection.destroyed) upgrade(handshake, caller);
      } catch (error) {
        refuse({ exchange, requestId: newId("req"), error, dialect: "openai" });
      }
    },
    /** Closes the sockets without a turn, and the others when their turn has ended. */
    close(): void {
      isClosing = true;
      for (const socket of openSockets) socket.retire();
    },
  };
}

const tooManySockets = (max: number) =>
  new AppError(
    "rate_limited",
    `This account may have ${max} sockets open at one server. Close one, or send requests over HTTP.`,
    { headers: { "retry-after": "30" } },
  );

/** Its turns would cost money. */
const quotesOverHttp = () =>
  new AppError(
    "bad_request",
    "A socket has no quotes. Send the body with x-onekey-quote: 1 to POST /v1/responses.",
  );

const serverStops = () =>
  new AppError("unavailable", "This server stops. Open the socket again in a moment.", {
    headers: { "retry-after": "1" },
  });
