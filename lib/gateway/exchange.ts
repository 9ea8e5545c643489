/** One request and its answer, as both doors (server.ts and Next's route handlers) present it to `handle`. */
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
  /** The whole body; throws AppError `too_large` while reading. */
  readBody(bytesMax: number): Promise<Buffer>;
  /** Sends the status line and headers; once. */
  head(status: number, headers: Record<string, string | string[]>): void;
  /** Whether the status line was sent: from then on only the provider's own bytes may follow. */
  started(): boolean;
  /** Resolves when the client takes more. */
  write(chunk: Uint8Array): Promise<void>;
  end(): void;
  /** Breaks the connection, so that a cut answer is seen as cut. */
  cut(): void;
  /** Aborted when the client left before the end. */
  left: AbortSignal;
};

/** The first value of a header. */
export function headerOf(exchange: Pick<Exchange, "headers">, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
