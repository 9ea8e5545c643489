import { STATUS_CODES } from "node:http";
import type { DeliveryAttempt, DeliveryProblem } from "@/lib/webhook-deliveries/schema";
import type { WebhookEventType } from "@/lib/webhook-endpoints/schema";

const PROBLEMS: Record<DeliveryProblem, string> = {
  timeout: "No response within 10 s",
  dns: "The name could not be resolved",
  address: "The name resolves to an address that is not public",
  refused: "The connection was refused",
  tls: "The TLS connection failed",
  reset: "The connection was closed without a response",
  failed: "The request failed",
};

type Outcome = Pick<DeliveryAttempt, "status" | "problem">;

/** What came of an attempt: "503 Service Unavailable", "No response within 10 s". */
export function outcomeText({ status, problem = "failed" }: Outcome): string {
  if (status === null) return PROBLEMS[problem];
  const name = STATUS_CODES[status];
  const isRedirect = status >= 300 && status < 400;
  return `${status}${name === undefined ? "" : ` ${name}`}${isRedirect ? ", not followed" : ""}`;
}

/** "0.2 s" */
export const secondsText = (milliseconds: number): string =>
  `${(milliseconds / 1_000).toFixed(1)} s`;

/** An attempt in a phrase: "200 OK in 0.2 s". */
export const attemptText = (attempt: DeliveryAttempt): string =>
  attempt.status === null
    ? outcomeText(attempt)
    : `${outcomeText(attempt)} in ${secondsText(attempt.latencyMs)}`;

/** The events by their noun, as the form lists them. */
export const EVENT_GROUPS: { title: string; events: WebhookEventType[] }[] = [
  { title: "Balance", events: ["balance.low", "balance.exhausted"] },
  { title: "Limits", events: ["limit.threshold", "limits.changed", "spend.spike"] },
  {
    title: "Payments",
    events: ["payment.credited", "payment.failed", "payment.refunded", "payment.disputed"],
  },
  { title: "Keys", events: ["key.created", "key.rotated", "key.revoked", "key.leaked"] },
  {
    title: "Members",
    events: ["member.invited", "member.joined", "member.role_changed", "member.removed"],
  },
  { title: "Models", events: ["model.retiring", "model.price_raised"] },
];

/** Events with `key.*` where all of a noun are chosen. */
export function shortEvents(events: WebhookEventType[]): string[] {
  return EVENT_GROUPS.flatMap((group) => {
    const chosen = group.events.filter((event) => events.includes(event));
    const nouns = new Set(group.events.map((event) => event.split(".")[0]));
    const [noun] = nouns;
    return nouns.size === 1 && chosen.length === group.events.length ? [`${noun}.*`] : chosen;
  });
}
