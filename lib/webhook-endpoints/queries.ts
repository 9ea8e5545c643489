import { AppError } from "@/lib/errors";
import { webhookEndpoints } from "./collection";
import type { WebhookEndpoint, WebhookEventType } from "./schema";

/** The endpoints of an account, the oldest first. */
export async function listEndpoints(accountId: string): Promise<WebhookEndpoint[]> {
  return webhookEndpoints.find({ accountId }).sort({ createdAt: 1 }).toArray();
}

/** The endpoints that an event of an account is posted to; `at` is when it happened. */
export async function listSubscribed(input: {
  accountId: string;
  type: WebhookEventType;
  at: Date;
}): Promise<WebhookEndpoint[]> {
  const { accountId, type, at } = input;
  return webhookEndpoints
    .find({ accountId, events: type, activeSince: { $lte: at }, disabled: { $exists: false } })
    .toArray();
}

export async function findEndpoint(endpointId: string): Promise<WebhookEndpoint | null> {
  return webhookEndpoints.findOne({ _id: endpointId });
}

/** An endpoint of this account. Throws not_found, for another's as for a missing one. */
export async function getEndpoint(input: {
  accountId: string;
  endpointId: string;
}): Promise<WebhookEndpoint> {
  const { accountId, endpointId } = input;
  const endpoint = await webhookEndpoints.findOne({ _id: endpointId, accountId });
  if (!endpoint) throw endpointMissing();
  return endpoint;
}

/** Of these accounts, those that have an endpoint. */
export async function accountsWithEndpoints(accountIds: string[]): Promise<Set<string>> {
  const endpoints = await webhookEndpoints
    .find({ accountId: { $in: accountIds } }, { projection: { accountId: 1 } })
    .toArray();
  return new Set(endpoints.map(({ accountId }) => accountId));
}

/** Disabled endpoints whose owner was not notified yet. */
export async function listUnmailedDisabled(now: Date): Promise<WebhookEndpoint[]> {
  return webhookEndpoints
    .find({ "disabled.mailAt": { $lte: now } })
    .limit(50)
    .toArray();
}

export const endpointMissing = () => new AppError("not_found", "There is no such endpoint.");
