/** One request and its answer, as both doors (server/index.ts and Next's route handlers) present it to `handle`. */
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
  /** Sends the status line and headers; once. */
  head(status: number, headers: Record<string, string | string[]>): void;
  /** Whether the status line was sent: from then on only the provider's own bytes may follow. */
  started(): boolean;
  /** Nothing when the client takes more at once; else resolves when it does. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the answer, with its last bytes where they are few. */
  end(last?: Uint8Array): void;
  /** Breaks the connection, so that a cut answer is seen as cut. */
  cut(): void;
  /** Whether the client left before the end. */
  left: Departure;
};

export type BodyLimit = {
  bytesMax: number;
  /** Called with the length of each piece before it is kept; throws to stop the reading. */
  take(bytes: number): void;
};

/** A client's leaving. One of these a request costs a fifth of an AbortSignal. */
export type Departure = {
  readonly aborted: boolean;
  /** Calls back once when the client leaves, at once if it has; returns what takes that back. */
  whenLeft(listener: () => void): () => void;
};

export function createDeparture(): Departure & { leave(): void } {
  let listeners: (() => void)[] = [];
  const departure = {
    aborted: false,
    whenLeft: (listener: () => void) => {
      if (departure.aborted) listener();
      else listeners.push(listener);
      return () => {
        listeners = listeners.filter((each) => each !== listener);
      };
    },
    leave: () => {
      if (departure.aborted) return;
      departure.aborted = true;
      for (const listener of listeners) listener();
      listeners = [];
    },
  };
  return departure;
}

/** The first value of a header. */
export function headerOf(exchange: Pick<Exchange, "headers">, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
