import type { EndedBy } from "@/lib/usage/schema";
import type { UsageReader } from "./meter/reader";
import type { Exchange } from "./exchange";
import type { UsageFilter } from "./stream-usage";

export type Ending = { endedBy: EndedBy; firstByteMs: number | null };

/** Passes the provider's bytes to the client untouched, letting the reader see each once; resolves however it ends. */
export async function relay(input: {
  exchange: Exchange;
  body: AsyncIterable<Uint8Array>;
  reader: UsageReader | null;
  /** Takes out the one chunk that the client did not ask for. */
  filter?: UsageFilter | undefined;
  startedAt: number;
}): Promise<Ending> {
  const { exchange, body, reader, filter, startedAt } = input;
  let firstByteMs: number | null = null;
  try {
    for await (const chunk of body) {
      firstByteMs ??= Math.round(performance.now() - startedAt);
      reader?.push(chunk);
      const taken = exchange.write(filter ? filter.push(chunk) : chunk);
      if (taken) await taken;
      if (exchange.left.aborted) return { endedBy: "client_left", firstByteMs };
    }
    reader?.end();
    if (filter) await exchange.write(filter.end());
    exchange.end();
    return { endedBy: "complete", firstByteMs };
  } catch (error) {
    if (exchange.left.aborted) return { endedBy: "client_left", firstByteMs };
    exchange.cut();
    const code = error instanceof Error && "code" in error ? error.code : "";
    return {
      endedBy:
        code === "UND_ERR_BODY_TIMEOUT" || (error instanceof Error && error.name === "TimeoutError")
          ? "timeout"
          : "provider_cut",
      firstByteMs,
    };
  }
}
