import { collection } from "@/lib/db/collection";
import type { WebhookEndpoint } from "./schema";

export const webhookEndpoints = collection<WebhookEndpoint>("webhook_endpoints");

export async function ensureIndexes(): Promise<void> {
  await webhookEndpoints.createIndexes([
    { key: { accountId: 1, createdAt: 1 }, name: "account" },
    { key: { "disabled.mailAt": 1 }, sparse: true, name: "disabled" },
  ]);
}
