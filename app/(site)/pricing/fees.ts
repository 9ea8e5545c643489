import type { env } from "@/lib/env";
import { formatUsd } from "@/lib/format";

/** The fee of a purchase in words, such as "2.5% and $0.30", or null where there is none. */
export function purchaseFee({
  purchaseFeeBps,
  purchaseFeeFixed,
}: Pick<ReturnType<typeof env>, "purchaseFeeBps" | "purchaseFeeFixed">): string | null {
  const parts = [
    ...(purchaseFeeBps > 0 ? [`${purchaseFeeBps / 100}%`] : []),
    ...(purchaseFeeFixed > 0 ? [formatUsd(purchaseFeeFixed)] : []),
  ];
  return parts.length === 0 ? null : parts.join(" and ");
}

/** What other gateways add to the providers' prices, each with the page that states it, as read on 30 Nov 2026. */
export const otherFees = [
  {
    name: "OpenRouter",
    markup: "None",
    fee: "5.5% of a purchase, at least $0.80",
    extra: { bps: 550, minimum: 800_000_000 },
    source: "https://openrouter.ai/pricing",
  },
  {
    name: "LLM Gateway",
    markup: "None",
    fee: "5% of a purchase",
    extra: { bps: 500, minimum: 0 },
    source: "https://llmgateway.io/blog/ai-gateway-fees-compared",
  },
  {
    name: "Merge Gateway",
    markup: "5% of each request",
    fee: "None",
    extra: { bps: 500, minimum: 0 },
    source: "https://docs.merge.dev/merge-gateway/cost/pricing",
  },
];
