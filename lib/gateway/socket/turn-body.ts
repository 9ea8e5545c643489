import type { WebSocket } from "ws";
import type { UpstreamBody } from "../upstream/call-provider";
import { ResponseDiscardedError } from "../upstream/upstream-errors";
import { frame } from "./frames";

/** Bytes that wait for a slow client before the provider has to wait. */
const WAITING_BYTES_MAX = 64 * 1024;

type BodyReader = { resolve: (chunk: Uint8Array | null) => void; reject: (error: Error) => void };

export type TurnBody = UpstreamBody & {
  push(message: Buffer): void;
  end(): void;
  fail(error: Error): void;
};

/** The events of one turn as they arrive, each as one chunk. `stop` ends the provider's socket: a turn cannot be ended otherwise. */
export function createTurnBody(socket: WebSocket): TurnBody {
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let hasEnded = false;
  let failure: Error | null = null;
  let reader: BodyReader | null = null;

  const takeReader = () => {
    const current = reader;
    reader = null;
    return current;
  };
  const fail = (error: Error) => {
    if (hasEnded) return;
    hasEnded = true;
    failure = error;
    waiting.length = 0;
    takeReader()?.reject(error);
  };
  const read = () => {
    const chunk = waiting.shift();
    if (chunk) {
      waitingBytes -= chunk.length;
      if (socket.isPaused && waitingBytes < WAITING_BYTES_MAX) socket.resume();
      return chunk;
    }
    if (failure) throw failure;
    if (hasEnded) return null;
    return new Promise<Uint8Array | null>((resolve, reject) => {
      reader = { resolve, reject };
    });
  };
  return {
    read,
    isOver: () => hasEnded && failure === null && waiting.length === 0,
    takeComplete: () => null,
    stop: () => {
      if (hasEnded) return;
      fail(new ResponseDiscardedError());
      socket.terminate();
    },
    discard: () => {
      if (!hasEnded) socket.terminate();
      waiting.length = 0;
    },
    push: (message) => {
      if (hasEnded) return;
      const chunk = frame(message);
      const waitingReader = takeReader();
      if (waitingReader) return waitingReader.resolve(chunk);
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes >= WAITING_BYTES_MAX) socket.pause();
    },
    end: () => {
      if (hasEnded) return;
      hasEnded = true;
      takeReader()?.resolve(null);
    },
    fail,
  };
}
