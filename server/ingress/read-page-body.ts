import type { IncomingMessage } from "node:http";
import { AppError } from "@/lib/errors";

/** A share of this process's memory, counted in bytes as they arrive. */
export type ByteBudget = { take(bytes: number): boolean; release(bytes: number): void };

export function createByteBudget(max: number): ByteBudget {
  let used = 0;
  return {
    take: (bytes) => {
      if (used + bytes > max) return false;
      used += bytes;
      return true;
    },
    release: (bytes) => {
      used -= bytes;
    },
  };
}

/** The client closed its connection before its body was complete: nobody is left to respond to. */
export class ClientLeftError extends Error {}

/**
 * The complete body of a request for a page. Throws AppError `too_large`, `timeout` (408 for the client) or `unavailable`
 * when the budget is used up, and ClientLeftError. The caller releases the body's bytes to the budget.
 */
export function readPageBody(
  req: IncomingMessage,
  { bytesMax, timeoutMs, budget }: { bytesMax: number; timeoutMs: number; budget: ByteBudget },
): Promise<Buffer> {
  const tooLarge = () =>
    new AppError(
      "too_large",
      `The request body is larger than ${Math.floor(bytesMax / 1024)} KiB.`,
    );
  if (Number(req.headers["content-length"] ?? 0) > bytesMax) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(
      () => fail(new AppError("timeout", "The request body took too long to arrive.")),
      timeoutMs,
    );
    const stop = () => {
      clearTimeout(timer);
      req.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    const fail = (error: Error) => {
      stop();
      budget.release(bytes);
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      if (bytes + chunk.length > bytesMax) return fail(tooLarge());
      if (!budget.take(chunk.length)) return fail(noRoom());
      bytes += chunk.length;
      chunks.push(chunk);
    };
    const onEnd = () => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onClose = () => fail(new ClientLeftError());
    req.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

const noRoom = () =>
  new AppError("unavailable", "The server is reading too many request bodies. Try again.", {
    headers: { "retry-after": "2" },
  });
