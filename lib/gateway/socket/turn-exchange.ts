import type { Exchange } from "../exchange";
import type { ClientConnection } from "../exchange";
import { unframe } from "./frames";
import type { UpstreamSockets } from "./upstream-sockets";

/** How a turn's events are sent to its client. */
export type EventSender = {
  /** Undefined when the client can take more immediately; otherwise resolves when it can. */
  send(message: Buffer): Promise<void> | undefined;
  /** Closes the socket: what was sent of the turn is incomplete. */
  cut(): void;
};

export type TurnRequest = Pick<Exchange, "path" | "query" | "headers" | "address"> & {
  message: Buffer;
  /** Called when the message is handed over, which then counts as the turn's own memory. */
  handOver(): void;
  client: ClientConnection;
  sockets: UpstreamSockets;
  sender: EventSender;
};

/** The status with which a turn was refused; null while it was not. */
export type TurnExchange = { exchange: Exchange; refusedWith(): number | null };

/**
 * One turn of a socket as the request that it would be over HTTP. A stream's events go out as messages, byte for byte; an error
 * goes out as an error event, where it is not one already.
 */
export function createTurnExchange(turn: TurnRequest): TurnExchange {
  const { path, query, headers, address, message, client, sockets, sender } = turn;
  let status: number | null = null;
  let isStream = false;
  let responseHeaders: Record<string, string | string[]> = {};
  const body: Uint8Array[] = [];
  const exchange: Exchange = {
    method: "POST",
    path,
    query,
    headers,
    address,
    client,
    sockets,
    readBody: ({ take }) => {
      take(message.length);
      turn.handOver();
      return Promise.resolve(message);
    },
    head: (code, list) => {
      status ??= code;
      responseHeaders = list;
      isStream = String(list["content-type"]).startsWith("text/event-stream");
    },
    started: () => status !== null,
    write: (chunk) => {
      if (isStream) return sender.send(unframe(chunk));
      body.push(chunk);
      return undefined;
    },
    end: (last) => {
      if (last) void exchange.write(last);
      if (!isStream && status !== null)
        void sender.send(
          errorEvent({ status, headers: responseHeaders, body: Buffer.concat(body) }),
        );
    },
    cut: () => sender.cut(),
  };
  return { exchange, refusedWith: () => (status !== null && status >= 400 ? status : null) };
}

/** The headers of an error that a client uses. */
const SENT_HEADERS = /^(retry-after(-ms)?|x-should-retry|x-onekey-.+|x-ratelimit-.+)$/;

/** The error event of a refusal: the provider's own bytes where they are one. */
export function errorEvent({
  status,
  headers,
  body,
}: {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}): Buffer {
  const fields = objectIn(body);
  if (fields?.type === "error") return body;
  const error = fields?.error ?? { message: body.toString("utf8"), type: "server_error" };
  const sentHeaders = Object.entries(headers).filter(([name]) => SENT_HEADERS.test(name));
  return Buffer.from(
    JSON.stringify({ type: "error", status, error, headers: Object.fromEntries(sentHeaders) }),
  );
}

function objectIn(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
