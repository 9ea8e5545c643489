import { formatShortDay } from "@/lib/format";
import { listRecent } from "@/lib/webhook-deliveries/queries";
import { isAccepted, type WebhookDelivery } from "@/lib/webhook-deliveries/schema";
import { outcomeText } from "./words";

const WEEK_MS = 7 * 86_400_000;
/** So many deliveries of an endpoint are counted. */
const COUNTED_MAX = 1_000;

export interface EndpointFigures {
  /** "41 delivered, 1 retrying" */
  counts: string;
  /** Of accepted attempts; null where there is none. */
  medianMs: number | null;
  retryingCount: number;
  /** "last delivery 12 Nov, 200 OK" */
  last: string;
}

/** What became of an endpoint's deliveries of the last 7 days. */
export async function loadFigures(endpointId: string, now: number): Promise<EndpointFigures> {
  const since = new Date(now - WEEK_MS);
  const deliveries = await listRecent({ endpointId, since, limit: COUNTED_MAX });
  const count = (test: (delivery: WebhookDelivery) => boolean) => deliveries.filter(test).length;
  const retryingCount = count(({ state, attemptCount }) => state === "pending" && attemptCount > 0);
  const counts = [
    [count(({ state }) => state === "delivered"), "delivered"],
    [retryingCount, "retrying"],
    [count(({ state }) => state === "failed"), "failed"],
    [count(({ state }) => state === "stopped"), "stopped"],
  ] as const;
  const times = deliveries
    .flatMap(({ attempts }) => attempts.filter(isAccepted).map(({ latencyMs }) => latencyMs))
    .toSorted((a, b) => a - b);
  const words = counts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
  const attempt = deliveries.flatMap(({ attempts }) => attempts.at(-1) ?? [])[0];
  return {
    counts: words.length === 0 ? "No deliveries" : words.join(", "),
    medianMs: times[Math.floor(times.length / 2)] ?? null,
    retryingCount,
    last: attempt
      ? `last delivery ${formatShortDay(attempt.at)}, ${outcomeText(attempt)}`
      : "no delivery in the last 7 days",
  };
}
