import { env } from "@/lib/env";
import { providerRecord } from "@/lib/providers";
import { decompress, type ScanBudget } from "../body-scan/decompress";
import type { Scan } from "../body-scan";
import { headerOf, type Exchange } from "../exchange";
import { countTokens } from "../meter/tokens";
import type { Endpoint } from "../request/endpoints";
import { quoteCall, type Quote } from "./quote";

/** Counting takes about a second for so much, off the event loop; a larger text is held for at a token a byte. */
const COUNTED_BYTES_MAX = 1024 * 1024;
/** A run of base64 of this length is inline media, which is priced apart. */
const MEDIA_RUN = /[A-Za-z0-9+/]{256,}={0,2}/g;

/** Refines the quote of a request when it is first needed, and once, however often its hold is tried. */
export function createRefinement(request: Parameters<typeof refineQuote>[0]) {
  let refinement: ReturnType<typeof refineQuote> | null = null;
  return () => (refinement ??= refineQuote(request));
}

/** The quote of a request by its counted text, where a token a byte was too much to hold; null where it was not counted. */
export async function refineQuote({
  exchange,
  scan,
  body,
  endpoint,
  at,
  budget,
}: {
  exchange: Pick<Exchange, "headers">;
  scan: Scan;
  body: Buffer;
  endpoint: Endpoint;
  at: Date;
  budget?: ScanBudget | undefined;
}): Promise<Pick<Quote, "maxCost" | "expectedCost" | "maxTokens" | "outputThatFits"> | null> {
  if (scan.textBytes > COUNTED_BYTES_MAX) return null;
  const encoding = headerOf(exchange, "content-encoding") ?? "";
  const textOf = async (plain: Buffer) => plain.toString("utf8").replace(MEDIA_RUN, "");
  const { bodyBytesMax: bytesMax } = env().limits;
  const text = /^\s*(identity)?\s*$/i.test(encoding)
    ? await textOf(body)
    : await decompress({ body, encoding, bytesMax, budget, use: textOf });
  const tokens = await countTokens(text);
  if (tokens === null) return null;
  const quote = quoteCall({ scan, endpoint, at });
  // What is neither in the text nor inline media is counted a token a byte: long runs that were no media, definitions of tools.
  const otherBytes = Math.max(0, scan.textBytes - Buffer.byteLength(text));
  const textTokens =
    Math.ceil(tokens * providerRecord(quote.model.provider).usage.tokensPerO200kMax) + otherBytes;
  if (textTokens >= scan.textBytes) return null;
  const closerQuote = quoteCall({ scan, endpoint, at, textTokens });
  const { maxCost, expectedCost, maxTokens, outputThatFits } = closerQuote;
  // Nothing else: these fields replace those of a hold's request, which has fields of the same names as a quote.
  return { maxCost, expectedCost, maxTokens, outputThatFits };
}
