import { webhookEndpoints } from "./collection";
import { endpointMissing } from "./queries";
import type { WebhookEndpoint } from "./schema";

/** Deletes an endpoint; its secrets sign nothing from then on. Throws not_found. */
export async function removeEndpoint(input: {
  accountId: string;
  endpointId: string;
}): Promise<WebhookEndpoint> {
  const { accountId, endpointId } = input;
  const endpoint = await webhookEndpoints.findOneAndDelete({ _id: endpointId, accountId });
  if (!endpoint) throw endpointMissing();
  return endpoint;
}

/** Deletes the endpoints of a deleted account. */
export async function eraseEndpoints(accountId: string): Promise<void> {
  await webhookEndpoints.deleteMany({ accountId });
}
