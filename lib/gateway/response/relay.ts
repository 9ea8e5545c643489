import type { EndedBy } from "@/lib/usage/schema";
import type { UsageReader } from "../meter/reader";
import type { ClientConnection, Exchange } from "../exchange";
import type { UsageFilter } from "./stream-usage";
import type { UpstreamBody } from "../upstream/call-provider";
import { UpstreamTimeoutError } from "../upstream/upstream-errors";

export type RelayResult = { endedBy: EndedBy; firstByteMs: number | null };

/** A last chunk below this is sent together with the end of the response: a socket takes so much without waiting for the client. */
const LAST_CHUNK_BYTES_MAX = 16 * 1024;

/** Passes the provider's bytes to the client unchanged, and each once to the reader. Never rejects. */
export async function relay(input: {
  exchange: Exchange;
  body: Pick<UpstreamBody, "read" | "isOver" | "stop">;
  reader: UsageReader | null;
  /** Whether to read on for the usage after the client left, and when not any more. */
  drain?: ClientConnection | undefined;
  /** Removes the one chunk that the client did not request. */
  filter?: UsageFilter | undefined;
  /** The trailers of the response, where its head announced them; called when all of it was read. */
  trailers?: (() => Promise<Record<string, string>>) | undefined;
  startedAt: number;
  /** When the exchange must be over, by `performance.now()`. */
  deadline: number;
}): Promise<RelayResult> {
  const { exchange, body, reader, drain, filter, trailers, startedAt, deadline } = input;
  let firstByteMs: number | null = null;
  let hasLastEvent = false;
  /** Some clients close their connection at a stream's last event, before its provider does: they have all of it. */
  const endOfDeparted = (): EndedBy => (hasLastEvent ? "complete" : "client_left");
  try {
    let last: Uint8Array | undefined;
    while (!last) {
      const next = body.read();
      const chunk = next instanceof Promise ? await next : next;
      if (chunk === null) break;
      firstByteMs ??= Math.round(performance.now() - startedAt);
      reader?.push(chunk);
      if (exchange.client.aborted && drain && !drain.aborted) continue;
      if (!filter && chunk.length < LAST_CHUNK_BYTES_MAX && body.isOver()) last = chunk;
      else {
        const ready = exchange.write(filter ? filter.push(chunk) : chunk);
        if (ready) await waitForClient(ready, deadline);
      }
      hasLastEvent ||= !exchange.client.aborted && isOver(reader);
      if (exchange.client.aborted && !drain) return { endedBy: endOfDeparted(), firstByteMs };
    }
    reader?.end();
    if (exchange.client.aborted) return { endedBy: endOfDeparted(), firstByteMs };
    if (filter) await exchange.write(filter.end());
    if (trailers) {
      if (last) void exchange.write(last);
      exchange.end(undefined, await trailers());
    } else exchange.end(last);
    return { endedBy: "complete", firstByteMs };
  } catch (error) {
    body.stop();
    if (exchange.client.aborted) return { endedBy: endOfDeparted(), firstByteMs };
    exchange.cut();
    return {
      endedBy: error instanceof UpstreamTimeoutError ? "timeout" : "provider_cut",
      firstByteMs,
    };
  }
}

/** Whether a stream has had the event that says how it ended. */
const isOver = (reader: UsageReader | null): boolean =>
  reader !== null && reader.streamed() && reader.terminal() !== null;

/** Waits until a client can take more. Throws UpstreamTimeoutError at the deadline: a client that reads nothing would keep its hold open. */
async function waitForClient(ready: Promise<void>, deadline: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const error = new UpstreamTimeoutError();
    timer = setTimeout(() => reject(error), Math.max(0, deadline - performance.now()));
  });
  try {
    await Promise.race([ready, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
