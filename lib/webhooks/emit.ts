import { createHash } from "node:crypto";
import * as clock from "@/lib/clock";
import { errorName, log } from "@/lib/log";
import { recordDelivery } from "@/lib/webhook-deliveries/record";
import { RETRY_MS } from "./retry-schedule";
import { listSubscribed } from "@/lib/webhook-endpoints/queries";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import type { WebhookEvent } from "./build-events";
import { eventBody } from "./event-schemas";

/** The `webhook-id` of an event at an endpoint: the same however often the event is recorded. */
const messageId = ({ type, source }: WebhookEvent, endpointId: string): string => {
  const hash = createHash("sha256").update(`${type} ${source} ${endpointId}`);
  return `msg_${hash.digest("base64url").slice(0, 22)}`;
};

/**
 * Records an event for every endpoint of its account that subscribes to it; the delivery job sends it. Recording an event again
 * changes nothing. One that is older than any delivery is tried, such as a payment that is read again, is passed over. Returns how
 * many endpoints get it.
 */
export async function emitEvent(event: WebhookEvent): Promise<number> {
  const { type, accountId, at } = event;
  const now = clock.now();
  if (type === "test.ping" || now - at.getTime() > RETRY_MS) return 0;
  const endpoints = await listSubscribed({ accountId, type, at });
  for (const endpoint of endpoints) await recordEvent({ event, endpoint, now });
  return endpoints.length;
}

/** The same where the event is not worth a failure of what caused it; a failure is logged. */
export async function tryEmit(event: WebhookEvent | null): Promise<void> {
  if (event === null) return;
  const { accountId } = event;
  await emitEvent(event).catch((error: unknown) =>
    log.error("webhook.emit_failed", { accountId, error: errorName(error) }),
  );
}

/** Records an event for one endpoint; returns its `webhook-id`. With a claim, the caller sends it. */
export async function recordEvent(input: {
  event: WebhookEvent;
  endpoint: Pick<WebhookEndpoint, "_id">;
  now: number;
  claim?: { by: string; until: number };
}): Promise<string> {
  const { event, endpoint, now, claim } = input;
  const _id = messageId(event, endpoint._id);
  await recordDelivery({
    _id,
    accountId: event.accountId,
    endpointId: endpoint._id,
    type: event.type,
    payload: eventBody(event),
    now,
    ...(claim ? { claim } : {}),
  });
  return _id;
}
