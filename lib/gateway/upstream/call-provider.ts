import { util, type Dispatcher, type Pool } from "undici";
import type { ClientConnection } from "../exchange";
import {
  ClientDisconnectedError,
  ResponseDiscardedError,
  UpstreamConnectionError,
  UpstreamTimeoutError,
} from "./upstream-errors";

export type UpstreamResponse = {
  statusCode: number;
  headers: Record<string, string | string[]>;
  body: UpstreamBody;
};

/** A response's bytes as they arrive; what has arrived together is one chunk. */
export type UpstreamBody = {
  /** The next chunk, immediately where it has arrived; null after the last. Throws or rejects where the response was interrupted. */
  read(): BodyChunk | Promise<BodyChunk>;
  /** True when all of a complete response has been read. */
  isOver(): boolean;
  /** All of a response that has arrived to its end, with nothing read of it yet; null where more is to come. */
  takeComplete(): Uint8Array | null;
  /** Stops the provider where it has not ended. */
  stop(): void;
  /** Drops the rest, so that the connection can be used again where the rest is short. */
  discard(): void;
};

type BodyChunk = Uint8Array | null;

export type ProviderCall = {
  pool: Pool;
  path: string;
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body: Buffer | null;
  client: ClientConnection;
  /** When the exchange must be over, by `performance.now()`. */
  deadline: number;
};

/** Bytes that wait for a slow client before the provider has to wait. */
const WAITING_BYTES_MAX = 64 * 1024;
const DISCARDED_BYTES_MAX = 128 * 1024;

/**
 * Sends one request and resolves when its status has arrived. Rejects, or interrupts the body, with ClientDisconnectedError,
 * UpstreamTimeoutError or UpstreamConnectionError.
 */
export function callProvider({
  pool,
  path,
  method,
  headers: requestHeaders,
  body: requestBody,
  client,
  deadline,
}: ProviderCall): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    let abortRequest: ((reason: Error) => void) | null = null;
    let resume = () => {};
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    let hasResponse = false;
    let isPaused = false;
    let hasEnded = false;
    let discarding = false;
    let discardedBytes = 0;
    let failure: Error | null = null;
    let reader: { resolve: (chunk: BodyChunk) => void; reject: (error: Error) => void } | null =
      null;

    const finish = () => {
      hasEnded = true;
      clearTimeout(timer);
      forgetClient();
    };
    const fail = (error: Error) => {
      if (hasEnded) return;
      failure = error;
      waiting = [];
      finish();
      reject(error);
      reader?.reject(error);
      reader = null;
    };
    const abort = (reason: Error) => {
      if (hasEnded) return;
      fail(reason);
      abortRequest?.(reason);
    };
    const forgetClient = client.onDisconnect(() =>
      abort(new ClientDisconnectedError(abortRequest !== null && !hasResponse)),
    );
    const timer =
      deadline === Infinity
        ? undefined
        : setTimeout(
            () => abort(new UpstreamTimeoutError()),
            Math.max(0, deadline - performance.now()),
          );

    const takeWaiting = (): Uint8Array => {
      const [first] = waiting;
      const chunk = waiting.length === 1 && first ? first : Buffer.concat(waiting, waitingBytes);
      waiting = [];
      waitingBytes = 0;
      if (isPaused) {
        isPaused = false;
        resume();
      }
      return chunk;
    };
    const body: UpstreamBody = {
      read: () => {
        if (waiting.length > 0) return takeWaiting();
        if (failure) throw failure;
        if (hasEnded) return null;
        return new Promise((resolveRead, rejectRead) => {
          reader = { resolve: resolveRead, reject: rejectRead };
        });
      },
      isOver: () => hasEnded && failure === null && waiting.length === 0,
      takeComplete: () =>
        hasEnded && failure === null && waiting.length > 0 ? takeWaiting() : null,
      stop: () => {
        if (!hasEnded) abort(new ResponseDiscardedError());
      },
      discard: () => {
        discarding = true;
        waiting = [];
        if (isPaused) resume();
      },
    };

    pool.dispatch(
      { path, method, headers: requestHeaders, body: requestBody },
      {
        onConnect: (stop) => {
          abortRequest = stop;
          if (failure) stop(failure);
        },
        onHeaders: (statusCode, raw, resumeBody) => {
          if (statusCode < 200) return true;
          hasResponse = true;
          resume = resumeBody;
          const headers = util.parseHeaders(raw) as Record<string, string | string[]>;
          resolve({ statusCode, headers, body });
          return true;
        },
        onData: (chunk) => {
          if (hasEnded) return true;
          if (discarding) {
            discardedBytes += chunk.length;
            if (discardedBytes > DISCARDED_BYTES_MAX) abort(new ResponseDiscardedError());
            return true;
          }
          waiting.push(chunk);
          waitingBytes += chunk.length;
          if (reader && !isScheduled) {
            // What arrives in the same read is passed on as one chunk.
            isScheduled = true;
            queueMicrotask(deliver);
          }
          isPaused = waitingBytes >= WAITING_BYTES_MAX;
          return !isPaused;
        },
        onComplete: () => {
          if (hasEnded) return;
          finish();
          deliver();
        },
        onError: (error) => fail(upstreamError(error, abortRequest !== null)),
      },
    );

    let isScheduled = false;
    function deliver() {
      isScheduled = false;
      if (!reader) return;
      const { resolve: resolveRead } = reader;
      if (waiting.length > 0) {
        reader = null;
        resolveRead(takeWaiting());
      } else if (hasEnded) {
        reader = null;
        resolveRead(null);
      }
    }
  });
}

/** undici's error in our classes; `requestSent` is true once there was a connection to write to. */
function upstreamError(error: Error, requestSent: boolean): Error {
  const code = "code" in error ? error.code : "";
  return code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT"
    ? new UpstreamTimeoutError({ cause: error })
    : new UpstreamConnectionError(requestSent, { cause: error });
}

/** A body that has arrived. */
export function completeBody(bytes: Uint8Array): UpstreamBody {
  let unread: Uint8Array | null = bytes.length > 0 ? bytes : null;
  const take = () => {
    const chunk = unread;
    unread = null;
    return chunk;
  };
  return {
    read: take,
    takeComplete: take,
    isOver: () => unread === null,
    stop: () => {},
    discard: () => void take(),
  };
}
