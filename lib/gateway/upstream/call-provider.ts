import { util, type Dispatcher, type Pool } from "undici";
import type { Departure } from "../exchange";

export type Answer = {
  statusCode: number;
  headers: Record<string, string | string[]>;
  body: AnswerBody;
};

/** The answer's bytes as they come; what has come together is one piece. */
export type AnswerBody = {
  /** The next piece, at once where it is there; null after the last. Throws or rejects where the answer broke off. */
  read(): Piece | Promise<Piece>;
  /** True when all of a whole answer has been read. */
  isOver(): boolean;
  /** Stops the provider where it has not ended. */
  stop(): void;
  /** Lets go of the rest, so that the connection can be used again where the rest is short. */
  discard(): void;
};

type Piece = Uint8Array | null;

type Call = {
  pool: Pool;
  path: string;
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body: Buffer | null;
  left: Departure;
  /** When the whole exchange must be over, by `performance.now()`. */
  deadline: number;
};

/** Bytes that wait for a slow client before the provider is told to wait. */
const WAITING_BYTES_MAX = 64 * 1024;
const DISCARDED_BYTES_MAX = 128 * 1024;

/** Sends one request and resolves when its status has come. Rejects, or breaks the body off, when the client leaves or time is up. */
export function callProvider({ pool, left, deadline, ...request }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let abortRequest: ((reason: Error) => void) | null = null;
    let resume = () => {};
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    let [answered, paused, ended, discarding] = [false, false, false, false];
    let discarded = 0;
    let failure: Error | null = null;
    let taker: { resolve: (piece: Piece) => void; reject: (error: Error) => void } | null = null;

    const over = () => {
      ended = true;
      clearTimeout(timer);
      forgetClient();
    };
    const fail = (error: Error) => {
      if (ended) return;
      failure = error;
      waiting = [];
      over();
      reject(error);
      taker?.reject(error);
      taker = null;
    };
    const abort = (reason: Error) => {
      if (ended) return;
      fail(reason);
      abortRequest?.(reason);
    };
    const forgetClient = left.whenLeft(() =>
      abort(
        Object.assign(named("AbortError", "The client left."), {
          isUnanswered: abortRequest !== null && !answered,
        }),
      ),
    );
    const timer =
      deadline === Infinity
        ? undefined
        : setTimeout(
            () => abort(named("TimeoutError", "The time is up.")),
            Math.max(0, deadline - performance.now()),
          );

    const take = (): Uint8Array => {
      const [first] = waiting;
      const piece = waiting.length === 1 && first ? first : Buffer.concat(waiting, waitingBytes);
      waiting = [];
      waitingBytes = 0;
      if (paused) {
        paused = false;
        resume();
      }
      return piece;
    };
    const body: AnswerBody = {
      read: () => {
        if (waiting.length > 0) return take();
        if (failure) throw failure;
        if (ended) return null;
        return new Promise((go, stop) => {
          taker = { resolve: go, reject: stop };
        });
      },
      isOver: () => ended && failure === null && waiting.length === 0,
      stop: () => {
        if (!ended) abort(named("AbortError", "The rest is not wanted."));
      },
      discard: () => {
        discarding = true;
        waiting = [];
        if (paused) resume();
      },
    };

    pool.dispatch(request, {
      onConnect: (stop) => {
        abortRequest = stop;
        if (failure) stop(failure);
      },
      onHeaders: (statusCode, raw, go) => {
        if (statusCode < 200) return true;
        answered = true;
        resume = go;
        const headers = util.parseHeaders(raw) as Record<string, string | string[]>;
        resolve({ statusCode, headers, body });
        return true;
      },
      onData: (chunk) => {
        if (ended) return true;
        if (discarding) {
          discarded += chunk.length;
          if (discarded > DISCARDED_BYTES_MAX)
            abort(named("AbortError", "The rest is not wanted."));
          return true;
        }
        waiting.push(chunk);
        waitingBytes += chunk.length;
        if (taker && !scheduled) {
          // What arrives in the same read goes on in one piece.
          scheduled = true;
          queueMicrotask(give);
        }
        paused = waitingBytes >= WAITING_BYTES_MAX;
        return !paused;
      },
      onComplete: () => {
        if (ended) return;
        over();
        give();
      },
      onError: fail,
    });

    let scheduled = false;
    function give() {
      scheduled = false;
      if (!taker) return;
      const { resolve: go } = taker;
      if (waiting.length > 0) {
        taker = null;
        go(take());
      } else if (ended) {
        taker = null;
        go(null);
      }
    }
  });
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
