import { createAccount } from "@/lib/accounts/create";
import * as clock from "@/lib/clock";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import type { WebhookEvent } from "../build-events";
import { addEndpoint } from "../endpoints";

let count = 0;

/** A new account with an endpoint that subscribes to `payment.failed`. */
export async function createReceivingAccount(url: string) {
  const email = `hooks${++count}@example.com`;
  const { _id: accountId } = await createAccount({ email });
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const { endpoint, secret } = await addEndpoint({
    accountId,
    url,
    events: ["payment.failed"],
    creator,
  });
  return { email, accountId, endpointId: endpoint._id, secret, endpoint };
}

/** Another event of an account each time. */
export const newEvent = (accountId: string, at = new Date(clock.now())): WebhookEvent => ({
  type: "payment.failed",
  accountId,
  source: `test ${++count}`,
  at,
  data: { automatic: true, reason: "The card has expired." },
});

export const deliveriesOf = (accountId: string) => listDeliveries({ accountId, limit: 100 });
