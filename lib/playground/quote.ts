import { leastFor } from "@/lib/accounts/plan";
import type { Account } from "@/lib/accounts/schema";
import { now } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { scanBody } from "@/lib/gateway/body-scan";
import { quoteCall } from "@/lib/gateway/pricing/quote";
import { ENDPOINTS } from "@/lib/gateway/request/endpoints";
import type { PlaygroundPath, PlaygroundQuote } from "./schema";

/**
 * What a request of the playground would be held for, by the gateway's own scan and quote; nothing is held, sent or kept.
 * Throws the AppError that the gateway would respond with.
 */
export async function quoteRequest({
  account,
  path,
  body,
}: {
  account: Account;
  path: PlaygroundPath;
  body: Uint8Array;
}): Promise<PlaygroundQuote> {
  const endpoint = ENDPOINTS[path];
  if (!endpoint) throw new AppError("not_found", "There is no such endpoint.");
  const scan = await scanBody({ endpoint: endpoint.name, body, contentType: "application/json" });
  const quote = quoteCall({ scan, endpoint, at: new Date(now()) });
  const free = account.free.requests > 0 ? account.free.credits : 0;
  const available = Math.max(account.credits, free);
  return {
    maxCost: quote.maxCost,
    fits: leastFor(quote) <= available,
    available,
    outputThatFits: quote.outputThatFits(available),
  };
}
