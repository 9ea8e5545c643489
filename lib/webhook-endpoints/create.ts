import { AppError } from "@/lib/errors";
import { webhookEndpoints } from "./collection";
import { ENDPOINTS_MAX, type WebhookEndpoint } from "./schema";

/** Keeps a new endpoint. Throws forbidden where the account has ENDPOINTS_MAX of them. */
export async function createEndpoint(endpoint: WebhookEndpoint): Promise<void> {
  const { accountId } = endpoint;
  const count = () => webhookEndpoints.countDocuments({ accountId });
  if ((await count()) >= ENDPOINTS_MAX) throw tooManyEndpoints();
  await webhookEndpoints.insertOne(endpoint);
  // Of endpoints that are added together, the last of those that stay has counted all the others.
  if ((await count()) <= ENDPOINTS_MAX) return;
  await webhookEndpoints.deleteOne({ _id: endpoint._id });
  throw tooManyEndpoints();
}

const tooManyEndpoints = () =>
  new AppError("forbidden", `An account has at most ${ENDPOINTS_MAX} endpoints. Delete one first.`);
