import type { Dispatcher } from "undici";
import type { EndedBy } from "@/lib/usage/schema";
import type { UsageReader } from "./meter/reader";
import type { Exchange } from "./exchange";

export type Ending = { endedBy: EndedBy; firstByteMs: number | null };

/** Passes the provider's bytes to the client untouched, letting the reader see each once; resolves however it ends. */
export async function relay(input: {
  exchange: Exchange;
  response: Dispatcher.ResponseData;
  reader: UsageReader | null;
  startedAt: number;
}): Promise<Ending> {
  const { exchange, response, reader, startedAt } = input;
  let firstByteMs: number | null = null;
  const read = "read" in response && Buffer.isBuffer(response.read) ? [response.read] : null;
  try {
    for await (const piece of read ?? response.body) {
      const chunk = piece as Buffer;
      firstByteMs ??= Math.round(performance.now() - startedAt);
      reader?.push(chunk);
      await exchange.write(chunk);
      if (exchange.left.aborted) return { endedBy: "client_left", firstByteMs };
    }
    reader?.end();
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
