import { isDuplicate } from "@/lib/errors";
import { webhookDeliveries } from "./collection";
import { DELIVERY_DAYS, type WebhookDelivery } from "./schema";

const DAY_MS = 86_400_000;

type NewDelivery = Pick<
  WebhookDelivery,
  "_id" | "accountId" | "endpointId" | "type" | "payload"
> & { now: number; claim?: { by: string; until: number } };

/** Keeps a delivery, due now; false when it is there already. With a claim, the caller sends it. */
export async function recordDelivery(input: NewDelivery): Promise<boolean> {
  const { now, claim, ...details } = input;
  try {
    await webhookDeliveries.insertOne({
      ...details,
      createdAt: new Date(now),
      state: "pending",
      nextAt: new Date(claim?.until ?? now),
      ...(claim ? { claim: claim.by } : {}),
      attempts: [],
      attemptCount: 0,
      isSingle: details.type === "test.ping",
      expires: new Date(now + DELIVERY_DAYS * DAY_MS),
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Deletes the deliveries of an endpoint that was deleted. */
export async function dropDeliveries(endpointId: string): Promise<void> {
  await webhookDeliveries.deleteMany({ endpointId });
}

/** Deletes the deliveries of a deleted account. */
export async function eraseDeliveries(accountId: string): Promise<void> {
  await webhookDeliveries.deleteMany({ accountId });
}
