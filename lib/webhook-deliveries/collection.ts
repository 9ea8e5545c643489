import { collection } from "@/lib/db/collection";
import type { WebhookDelivery } from "./schema";

export const webhookDeliveries = collection<WebhookDelivery>("webhook_deliveries");

export async function ensureIndexes(): Promise<void> {
  await webhookDeliveries.createIndexes([
    { key: { accountId: 1, createdAt: -1, _id: -1 }, name: "account" },
    { key: { endpointId: 1, createdAt: -1 }, name: "endpoint" },
    { key: { nextAt: 1 }, sparse: true, name: "due" },
    { key: { expires: 1 }, name: "expiry", expireAfterSeconds: 0 },
  ]);
}
