import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { readKeyOwner } from "@/lib/accounts/key-owner";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { createClientConnection, headerOf, type Exchange } from "../exchange";
import { handle } from "../handle";
import type { Caller } from "../request/authenticate";
import { createBodyBudget } from "../request/body-budget";
import { errorBody } from "../response/error-body";
import { noteFailure, retryHeaders } from "../response/refuse";
import { newId } from "@/lib/ids";
import { createTurnExchange, errorEvent } from "./turn-exchange";
import { createUpstreamSockets } from "./upstream-sockets";

type ServedSocket = {
  socket: WebSocket;
  /** What the socket's bytes come from, to count those of an incomplete message. */
  connection: Duplex;
  request: Pick<Exchange, "path" | "query" | "headers" | "address">;
  caller: Pick<Caller, "accountId" | "digest">;
  /** Notes work that must end before the process does. */
  track(work: Promise<unknown>): void;
};

export type ClientSocket = {
  /** Closes the socket when it has no turn in progress: the server stops. */
  retire(): void;
};

/** Messages of a socket that wait for the turn before them. */
const QUEUED_MAX = 16;
/** Bytes that wait for a slow client before its provider has to wait. */
const UNSENT_BYTES_MAX = 64 * 1024;
/** How often a socket is asked whether it is still there, and its key whether it is still valid. */
const CHECK_MS = 30_000;
/** A provider closes its sockets after an hour. https://developers.openai.com/api/docs/guides/websocket-mode */
const LIFETIME_MS = 3_600_000;

/** Close codes of RFC 6455 §7.4.1. */
const CLOSE = { goingAway: 1001, unsupported: 1003, policy: 1008, internal: 1011, tryLater: 1013 };

/**
 * Serves the turns of one client's socket, one after the other: each is handled as a request, with its own hold and settlement.
 * The socket ends when its key is refused, when it is silent, after an hour, and when a turn is cut.
 */
export function serveClientSocket(servedSocket: ServedSocket): ClientSocket {
  const { socket, connection, request, caller, track } = servedSocket;
  const budget = createBodyBudget(caller.accountId);
  const client = createClientConnection();
  const sockets = createUpstreamSockets();
  const queue: Buffer[] = [];
  const openedAt = performance.now();
  let isBusy = false;
  let isRetired = false;
  /** Bytes taken of the budget: those of the queue, and of the message that arrives. */
  let [takenBytes, queuedBytes] = [0, 0];
  let isAlive = true;

  /** False once either side has begun to close: the client would see nothing of another turn. */
  const isOpen = () => socket.readyState === socket.OPEN;
  const close = (code: number, reason: string) => {
    socket.close(code, reason);
    // A peer that does not close its side would keep the connection.
    setTimeout(() => socket.terminate(), 2_000).unref();
  };
  const send = (message: Buffer): Promise<void> | undefined => {
    if (!isOpen()) return undefined;
    if (socket.bufferedAmount < UNSENT_BYTES_MAX) return void socket.send(message, TEXT);
    return new Promise((resolve) => socket.send(message, TEXT, () => resolve()));
  };
  const refuse = (error: unknown) => {
    const requestId = newId("req");
    const appError = noteFailure(error, requestId);
    const { status } = appError;
    const body = Buffer.from(errorBody(appError, "openai", requestId));
    const headers = { ...retryHeaders(appError), ...appError.headers };
    void send(errorEvent({ status, headers, body }));
  };
  const giveBack = (bytes: number) => {
    takenBytes -= bytes;
    budget.giveBack(bytes);
  };

  connection.on("data", (chunk: Buffer) => {
    takenBytes += chunk.length;
    try {
      budget.take(chunk.length);
    } catch (error) {
      refuse(error);
      close(CLOSE.tryLater, "Too many bytes are buffered.");
    }
  });
  socket.on("message", (message: Buffer, isBinary) => {
    if (!isOpen()) return;
    restartIdle();
    // What arrived with the message and is not part of it: the frame's head, and pings.
    giveBack(Math.max(0, takenBytes - queuedBytes - message.length));
    if (isBinary) return close(CLOSE.unsupported, "Send events as text.");
    if (queue.length >= QUEUED_MAX) {
      refuse(tooManyQueued());
      return close(CLOSE.policy, "Too many events wait.");
    }
    queue.push(message);
    queuedBytes += message.length;
    if (!isBusy) track(serveQueue());
  });
  socket.on("pong", () => (isAlive = true));
  // A frame that is no WebSocket's closes the connection, with its reason.
  socket.on("error", () => {});
  socket.on("close", () => {
    clearTimeout(idle);
    clearInterval(checks);
    client.disconnect();
    sockets.close();
    budget.close();
  });

  async function serveQueue(): Promise<void> {
    isBusy = true;
    for (let message = queue.shift(); message; message = queue.shift()) {
      await serveTurn(message);
      // What still waits was not begun: nothing is charged for it.
      if (isRetired || !isOpen()) break;
    }
    isBusy = false;
    if (isRetired) return close(CLOSE.goingAway, "The server stops.");
    restartIdle();
  }

  async function serveTurn(message: Buffer): Promise<void> {
    if (performance.now() - openedAt > LIFETIME_MS) {
      refuse(lifetimeReached());
      return close(CLOSE.goingAway, "The socket was open for an hour.");
    }
    const handOver = () => {
      queuedBytes -= message.length;
      giveBack(message.length);
    };
    const cut = () => close(CLOSE.internal, "The response was interrupted.");
    const sender = { send, cut };
    const turn = createTurnExchange({ ...request, message, handOver, client, sockets, sender });
    await handle(turn.exchange);
    // The key was revoked, or its account suspended.
    if (turn.refusedWith() === 401) close(CLOSE.policy, "The API key is not valid.");
  }

  const { idleTimeoutMs } = env().sockets;
  let idle: NodeJS.Timeout | undefined;
  function restartIdle(): void {
    clearTimeout(idle);
    if (isBusy || client.aborted) return;
    const end = () => !isBusy && close(CLOSE.goingAway, "The socket was idle.");
    idle = setTimeout(end, idleTimeoutMs);
  }
  restartIdle();

  const checks = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    const { digest } = caller;
    const presentedCaller = {
      digest,
      address: request.address,
      origin: headerOf(request, "origin"),
    };
    void readKeyOwner(presentedCaller).catch((error: unknown) => {
      // A database that is unavailable says nothing of the key.
      if (!(error instanceof AppError)) return;
      refuse(error);
      close(CLOSE.policy, "The API key is not valid.");
    });
  }, CHECK_MS);

  return {
    retire: () => {
      isRetired = true;
      if (!isBusy) close(CLOSE.goingAway, "The server stops.");
    },
  };
}

const TEXT = { binary: false };

const tooManyQueued = () =>
  new AppError("rate_limited", "Too many events wait for the response before them. Send fewer.", {
    headers: { "retry-after": "1" },
  });

/** With the code of the provider's own limit, on which clients open another socket. */
const lifetimeReached = () =>
  new AppError("bad_request", "This socket was open for an hour. Open another one.", {
    reason: "websocket_connection_limit_reached",
  });
