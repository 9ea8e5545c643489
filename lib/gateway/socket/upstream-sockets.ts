import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { env } from "@/lib/env";
import { completeBody, type ProviderCall, type UpstreamResponse } from "../upstream/call-provider";
import type { Channel } from "../upstream/channels";
import {
  ClientDisconnectedError,
  UpstreamConnectionError,
  UpstreamTimeoutError,
} from "../upstream/upstream-errors";
import { endsTurn, errorEventOf } from "./server-events";
import { createTurnBody, type TurnBody } from "./turn-body";

export type SocketCall = ProviderCall & { channel: Channel };

/** The providers' sockets of one client's socket. */
export type UpstreamSockets = {
  /** Sends one turn and resolves when its first event has arrived. Rejects as callProvider does. */
  call(call: SocketCall): Promise<UpstreamResponse>;
  /** Notes how many tokens a response has at most with all that led to it; null where that is not known. */
  noteContext(responseId: string, tokens: number | null): void;
  /** Those tokens; null for a response that this socket has not seen. */
  contextOf(responseId: string): number | null;
  close(): void;
};

const CONNECT_MS = 10_000;
/** An event has at most one complete response, with its images. */
const EVENT_BYTES_MAX = 64 * 1024 * 1024;
const ERROR_BYTES_MAX = 64 * 1024;
/** Responses of one socket whose length is remembered, the newest ones. */
const CONTEXTS_MAX = 256;
/** Headers of a request with a body, which a handshake is not. */
const BODY_HEADERS = ["content-type", "content-encoding", "accept", "accept-encoding"];

/**
 * Opens a socket at a channel when a turn first needs it and keeps it for the turns that follow: what a provider remembers of a
 * conversation that it does not store, it remembers by the socket. So no socket is ever shared by two clients.
 */
export function createUpstreamSockets(): UpstreamSockets {
  const sockets = new Map<string, WebSocket>();
  const contexts = new Map<string, number>();

  const connect = async (call: SocketCall): Promise<WebSocket | UpstreamResponse> => {
    const { id } = call.channel;
    const current = sockets.get(id);
    if (current?.readyState === WebSocket.OPEN) return current;
    const newSocket = await open(call);
    if (!(newSocket instanceof WebSocket)) return newSocket;
    sockets.set(id, newSocket);
    newSocket.once("close", () => {
      if (sockets.get(id) === newSocket) sockets.delete(id);
    });
    return newSocket;
  };

  return {
    call: async (call) => {
      const connection = await connect(call);
      return connection instanceof WebSocket ? sendTurn(connection, call) : connection;
    },
    noteContext: (responseId, tokens) => {
      if (tokens === null) return;
      contexts.set(responseId, tokens);
      const [oldest] = contexts.keys();
      if (contexts.size > CONTEXTS_MAX && oldest !== undefined) contexts.delete(oldest);
    },
    contextOf: (responseId) => contexts.get(responseId) ?? null,
    close: () => {
      for (const socket of sockets.values()) socket.terminate();
    },
  };
}

/** A new socket, or the response of a provider that refuses the handshake. */
function open({ channel, path, headers, client }: SocketCall) {
  return new Promise<WebSocket | UpstreamResponse>((resolve, reject) => {
    const handshake = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !BODY_HEADERS.includes(name)),
    );
    const socket = new WebSocket(`${channel.origin.replace(/^http/, "ws")}${path}`, {
      headers: handshake,
      handshakeTimeout: CONNECT_MS,
      maxPayload: EVENT_BYTES_MAX,
      perMessageDeflate: false,
    });
    const removeListener = client.onDisconnect(() => {
      reject(new ClientDisconnectedError(false));
      socket.terminate();
    });
    socket.once("open", () => {
      removeListener();
      resolve(socket);
    });
    socket.once("unexpected-response", (request, response: IncomingMessage) => {
      void readRefusal(response)
        .then(resolve, reject)
        .finally(() => {
          removeListener();
          request.destroy();
        });
    });
    socket.on("error", (error) => {
      removeListener();
      reject(new UpstreamConnectionError(false, { cause: error }));
    });
  });
}

async function readRefusal(response: IncomingMessage): Promise<UpstreamResponse> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ERROR_BYTES_MAX) break;
  }
  const { statusCode = 0 } = response;
  // Anything else than an error is no answer to a handshake.
  if (statusCode < 400) throw new UpstreamConnectionError(false);
  const headers: UpstreamResponse["headers"] = {};
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers[name] = value;
  return { statusCode, headers, body: completeBody(Buffer.concat(chunks)) };
}

/** Sends a turn on an open socket. The socket is not used for anything else until the turn has ended. */
function sendTurn(
  socket: WebSocket,
  { body, client, deadline }: SocketCall,
): Promise<UpstreamResponse> {
  const { headerTimeoutMs, idleTimeoutMs } = env().limits;
  return new Promise((resolve, reject) => {
    let turn: TurnBody | null = null;
    let silence: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(silence);
      clearTimeout(total);
      forgetClient();
      socket.off("message", onMessage).off("close", onClose);
    };
    /** Ends the turn, and with it the socket: its provider may still work on the turn. */
    const abort = (error: Error) => {
      finish();
      if (turn) turn.fail(error);
      else reject(error);
      socket.terminate();
    };
    const waitAtMost = (ms: number) => {
      clearTimeout(silence);
      const cause = new Error("The provider was silent.");
      silence = setTimeout(() => abort(new UpstreamTimeoutError({ cause })), ms);
    };
    const onClose = () => abort(new UpstreamConnectionError(true));
    const onMessage = (message: Buffer, isBinary: boolean) => {
      if (isBinary) return abort(new UpstreamConnectionError(true));
      const error = turn ? null : errorEventOf(message);
      if (error) {
        finish();
        const headers = { ...error.headers, "content-type": "application/json" };
        return resolve({ statusCode: error.status, headers, body: completeBody(message) });
      }
      if (!turn) {
        turn = createTurnBody(socket);
        resolve({
          statusCode: 200,
          headers: { "content-type": "text/event-stream" },
          body: turn,
        });
      }
      turn.push(message);
      if (!endsTurn(message)) return waitAtMost(idleTimeoutMs);
      finish();
      turn.end();
    };
    const forgetClient = client.onDisconnect(() =>
      abort(new ClientDisconnectedError(turn === null)),
    );
    const total =
      deadline === Infinity
        ? undefined
        : setTimeout(
            () => abort(new UpstreamTimeoutError()),
            Math.max(0, deadline - performance.now()),
          );
    socket.on("message", onMessage).on("close", onClose);
    waitAtMost(headerTimeoutMs);
    socket.send(body ?? "", { binary: false });
  });
}
