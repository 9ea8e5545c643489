import type { IncomingMessage } from "node:http";
import { AppError } from "@/lib/errors";

type BodyShare = { bytes: number; drop: (() => void) | null };

export type ByteBudget = ReturnType<typeof createByteBudget>;

/**
 * Bytes of memory for bodies, counted as they arrive. At the limit, the body that has taken longest to
 * arrive is dropped: a sender that is quick is never kept out by those that are slow.
 */
export function createByteBudget(max: number) {
  let usedBytes = 0;
  /** Bodies that arrive or are in use, the one that began first in front. */
  const shares = new Set<BodyShare>();

  function release(share: BodyShare): void {
    if (shares.delete(share)) usedBytes -= share.bytes;
  }

  function freeBytes(bytes: number, asking: BodyShare): boolean {
    for (const share of shares) {
      if (usedBytes + bytes <= max) break;
      if (share !== asking && share.drop !== null) share.drop();
    }
    return usedBytes + bytes <= max;
  }

  return {
    /** Opens the share of a body; `drop` is called when its bytes are needed for another. */
    open(drop: () => void): BodyShare {
      const share = { bytes: 0, drop };
      shares.add(share);
      return share;
    },
    take(share: BodyShare, bytes: number): boolean {
      if (!freeBytes(bytes, share)) return false;
      share.bytes += bytes;
      usedBytes += bytes;
      return true;
    },
    release,
  };
}

/** The client closed its connection before its body was complete: nobody is left to respond to. */
export class ClientLeftError extends Error {}

export type PageBody = { bytes: Buffer; release: () => void };

/**
 * The complete body of a request for a page; the caller releases it once it is of no more use. Throws AppError `too_large`
 * with the given message, `timeout` (a 408 for the client), `unavailable` when the budget is used up, and ClientLeftError.
 */
export function readPageBody(
  req: IncomingMessage,
  limits: { bytesMax: number; tooLarge: string; timeoutMs: number; budget: ByteBudget },
): Promise<PageBody> {
  const { bytesMax, budget } = limits;
  const tooLarge = () => new AppError("too_large", limits.tooLarge);
  if (Number(req.headers["content-length"] ?? 0) > bytesMax) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const share = budget.open(() => fail(memoryExhausted()));
    const timer = setTimeout(
      () => fail(new AppError("timeout", "The request body took too long to arrive.")),
      limits.timeoutMs,
    );
    const stop = () => {
      clearTimeout(timer);
      share.drop = null;
      req.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    const fail = (error: Error) => {
      stop();
      budget.release(share);
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      if (share.bytes + chunk.length > bytesMax) return fail(tooLarge());
      if (!budget.take(share, chunk.length)) return fail(memoryExhausted());
      chunks.push(chunk);
    };
    const onEnd = () => {
      stop();
      resolve({ bytes: Buffer.concat(chunks), release: () => budget.release(share) });
    };
    const onClose = () => fail(new ClientLeftError());
    req.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

const memoryExhausted = () =>
  new AppError("unavailable", "The server is reading too many request bodies. Try again.", {
    headers: { "retry-after": "2" },
  });
