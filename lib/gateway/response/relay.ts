import type { EndedBy } from "@/lib/usage/schema";
import type { UsageReader } from "../meter/reader";
import type { Exchange } from "../exchange";
import type { UsageFilter } from "./stream-usage";
import type { UpstreamBody } from "../upstream/call-provider";
import { UpstreamTimeoutError } from "../upstream/upstream-errors";

export type Ending = { endedBy: EndedBy; firstByteMs: number | null };

/** A last piece below this goes out with the end of the answer: a socket takes so much without waiting for the client. */
const TAKEN_AT_ONCE_BYTES = 16 * 1024;

/** Passes the provider's bytes to the client untouched, letting the reader see each once; resolves however it ends. */
export async function relay(input: {
  exchange: Exchange;
  body: Pick<UpstreamBody, "read" | "isOver" | "stop">;
  reader: UsageReader | null;
  /** Takes out the one chunk that the client did not ask for. */
  filter?: UsageFilter | undefined;
  startedAt: number;
  /** When the whole exchange must be over, by `performance.now()`. */
  deadline: number;
}): Promise<Ending> {
  const { exchange, body, reader, filter, startedAt, deadline } = input;
  let firstByteMs: number | null = null;
  try {
    let last: Uint8Array | undefined;
    while (!last) {
      const next = body.read();
      const piece = next instanceof Promise ? await next : next;
      if (piece === null) break;
      firstByteMs ??= Math.round(performance.now() - startedAt);
      reader?.push(piece);
      if (!filter && piece.length < TAKEN_AT_ONCE_BYTES && body.isOver()) last = piece;
      else {
        const taken = exchange.write(filter ? filter.push(piece) : piece);
        if (taken) await inTime(taken, deadline);
      }
      if (exchange.left.aborted) return { endedBy: "client_left", firstByteMs };
    }
    reader?.end();
    if (filter) await exchange.write(filter.end());
    exchange.end(last);
    return { endedBy: "complete", firstByteMs };
  } catch (error) {
    body.stop();
    if (exchange.left.aborted) return { endedBy: "client_left", firstByteMs };
    exchange.cut();
    return {
      endedBy: error instanceof UpstreamTimeoutError ? "timeout" : "provider_cut",
      firstByteMs,
    };
  }
}

/** Waits for a client to take more, no longer than its exchange may last: one that takes nothing would keep its hold open. */
async function inTime(taken: Promise<void>, deadline: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new UpstreamTimeoutError();
    timer = setTimeout(() => reject(error), Math.max(0, deadline - performance.now()));
  });
  try {
    await Promise.race([taken, late]);
  } finally {
    clearTimeout(timer);
  }
}
