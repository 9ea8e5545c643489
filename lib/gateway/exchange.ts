import type { UpstreamSockets } from "./socket/upstream-sockets";

/** One request and its response, as both HTTP adapters (Node server and Next route handler) present them to `handle`. */
export type Exchange = {
  method: string;
  /** The raw path, undecoded. */
  path: string;
  /** The raw query, without "?". */
  query: string;
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>;
  /** The client's address, from the socket or the one trusted header. */
  address: string;
  /** The entire body; throws AppError `too_large` while reading, and what `take` throws. */
  readBody(limit: BodyLimit): Promise<Buffer>;
  /** Sends the status line and headers, which it may add to; once. */
  head(status: number, headers: Record<string, string | string[]>): void;
  /** Whether the status line was sent: from then on only the provider's own bytes may follow. */
  started(): boolean;
  /** Undefined when the client can take more immediately; otherwise resolves when it can. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the response, with its last bytes where they are few, and with trailers where its head announced them. */
  end(last?: Uint8Array, trailers?: Record<string, string>): void;
  /** Breaks the connection, so that the client sees that the response is incomplete. */
  cut(): void;
  client: ClientConnection;
  /** The sockets to providers of a client that sent the request on a socket; such a request is one turn. */
  sockets?: UpstreamSockets;
};

export type BodyLimit = {
  bytesMax: number;
  /** Called with the length of each chunk before it is kept; throws to stop the reading. */
  take(bytes: number): void;
};

/** Reports that the client disconnected. It costs a fifth of an AbortSignal, and every request has one. */
export type ClientConnection = {
  /** True once the client has disconnected before the end of the response. */
  readonly aborted: boolean;
  /** Calls the listener once when the client disconnects, immediately if it already has; returns what removes the listener. */
  onDisconnect(listener: () => void): () => void;
};

export function createClientConnection(): ClientConnection & { disconnect(): void } {
  const listeners = new Set<() => void>();
  const client = {
    aborted: false,
    onDisconnect: (listener: () => void) => {
      if (client.aborted) listener();
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    disconnect: () => {
      if (client.aborted) return;
      client.aborted = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
  return client;
}

/** The first value of a header. */
export function headerOf(exchange: Pick<Exchange, "headers">, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
