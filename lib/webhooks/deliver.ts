import * as clock from "@/lib/clock";
import { newId } from "@/lib/ids";
import { errorName, log } from "@/lib/log";
import { processSingleton } from "@/lib/process-singleton";
import { claimDelivery, finishAttempt, stopDeliveries } from "@/lib/webhook-deliveries/claim";
import { listDue } from "@/lib/webhook-deliveries/queries";
import {
  isAccepted,
  type DeliveryAttempt,
  type WebhookDelivery,
} from "@/lib/webhook-deliveries/schema";
import { disableEndpoint, noteAccepted } from "@/lib/webhook-endpoints/health";
import { findEndpoint } from "@/lib/webhook-endpoints/queries";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { postBody } from "./post";
import { nextAttemptAt } from "./retry-schedule";
import { signedHeaders } from "./signing";
import type { ResolveHost } from "./target";

/** Attempts that one process makes at a time: in total, and for one account and one endpoint, so that slow ones leave capacity to others. */
const IN_FLIGHT_MAX = 64;
const PER_ACCOUNT_MAX = 4;
const PER_ENDPOINT_MAX = 2;

type Receiver = Pick<WebhookDelivery, "accountId" | "endpointId">;

/** What this process is sending, and to whom. */
const inFlight = processSingleton("webhooks", () => new Map<Promise<void>, Receiver>());

/**
 * Begins to send what is due, as far as there is capacity, and returns without waiting for responses. A delivery is claimed in the
 * database first: another process does not claim it until the attempt was recorded or its sender is known to be dead.
 */
export async function startDueDeliveries(now = clock.now()): Promise<void> {
  for (;;) {
    const capacity = IN_FLIGHT_MAX - inFlight.size;
    if (capacity <= 0) return;
    const due = await listDue({ now, except: fullReceivers(), limit: capacity });
    if (due.length === 0) return;
    let count = 0;
    for (const delivery of due) {
      if (isFull(delivery)) continue;
      const by = newId("snd");
      count++;
      if (await claimDelivery({ delivery, by, now })) track(delivery, by);
    }
    if (count === 0) return;
  }
}

/**
 * Sends what is due and waits until every attempt has ended, for hosts without a long-lived process. One round makes at most
 * PER_ENDPOINT_MAX attempts to an endpoint.
 */
export async function deliverDue({ now = clock.now(), rounds = 1 } = {}): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await startDueDeliveries(now);
    if (inFlight.size === 0) return;
    await Promise.allSettled(inFlight.keys());
  }
}

function track(delivery: WebhookDelivery, by: string): void {
  const attempt = sendDelivery({ delivery, by })
    .then(() => undefined)
    .catch((error: unknown) =>
      // The lease ends, and it is sent again.
      log.error("webhook.delivery_failed", {
        accountId: delivery.accountId,
        error: errorName(error),
      }),
    )
    .finally(() => inFlight.delete(attempt));
  const { accountId, endpointId } = delivery;
  inFlight.set(attempt, { accountId, endpointId });
}

const countOf = (field: keyof Receiver, id: string): number =>
  [...inFlight.values()].filter((receiver) => receiver[field] === id).length;

const isFull = ({ accountId, endpointId }: Receiver): boolean =>
  countOf("accountId", accountId) >= PER_ACCOUNT_MAX ||
  countOf("endpointId", endpointId) >= PER_ENDPOINT_MAX;

/** The accounts and endpoints that have as many attempts as they may. */
function fullReceivers(): { accountIds: string[]; endpointIds: string[] } {
  const receivers = [...inFlight.values()];
  const accountIds = receivers
    .map(({ accountId }) => accountId)
    .filter((id) => countOf("accountId", id) >= PER_ACCOUNT_MAX);
  const endpointIds = receivers
    .map(({ endpointId }) => endpointId)
    .filter((id) => countOf("endpointId", id) >= PER_ENDPOINT_MAX);
  return { accountIds: [...new Set(accountIds)], endpointIds: [...new Set(endpointIds)] };
}

/**
 * Makes one attempt of a delivery that is claimed as `by`, and records it. Killed between the two, it is made again when the lease
 * ends: every event arrives at least once. Returns null where its endpoint takes no events any more.
 */
export async function sendDelivery(input: {
  delivery: WebhookDelivery;
  by: string;
  resolve?: ResolveHost | undefined;
}): Promise<DeliveryAttempt | null> {
  const { delivery, by, resolve } = input;
  const { _id: deliveryId, payload } = delivery;
  const endpoint = await findEndpoint(delivery.endpointId);
  if (!endpoint || (endpoint.disabled && !delivery.isSingle)) {
    await finishAttempt({ deliveryId, by, attempt: null, state: "stopped", nextAt: null });
    return null;
  }
  const startedAt = clock.now();
  const result = await postBody({
    url: endpoint.url,
    headers: signedHeaders({ endpoint, id: deliveryId, payload, now: startedAt }),
    body: payload,
    resolve,
  });
  const attempt: DeliveryAttempt = { ...result, at: new Date(startedAt) };
  await recordAttempt({ delivery, endpoint, by, attempt });
  return attempt;
}

async function recordAttempt(input: {
  delivery: WebhookDelivery;
  endpoint: WebhookEndpoint;
  by: string;
  attempt: DeliveryAttempt;
}): Promise<void> {
  const { delivery, endpoint, by, attempt } = input;
  const { _id: deliveryId, createdAt, isSingle, attemptCount } = delivery;
  const endpointId = endpoint._id;
  const at = new Date(clock.now());
  const end = { deliveryId, by, attempt, nextAt: null };
  if (isAccepted(attempt)) {
    await finishAttempt({ ...end, state: "delivered" });
    await noteAccepted({ endpointId, at });
    return;
  }
  const isDelivered = delivery.attempts.some(isAccepted);
  const isGone = attempt.status === 410 && !isSingle;
  const next =
    isSingle || isGone
      ? null
      : nextAttemptAt({
          createdAt: createdAt.getTime(),
          attemptCount: attemptCount + 1,
          now: at.getTime(),
        });
  if (next !== null) {
    await finishAttempt({ ...end, state: "pending", nextAt: new Date(next) });
    return;
  }
  await finishAttempt({ ...end, state: isDelivered ? "delivered" : "failed" });
  if (isSingle) return;
  const reason = isGone ? "gone" : "failing";
  if (await disableEndpoint({ endpointId, reason, since: createdAt, at }))
    await stopDeliveries(endpointId);
}
