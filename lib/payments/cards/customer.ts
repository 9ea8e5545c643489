import { noteCustomer } from "@/lib/accounts/cards";
import type { Account } from "@/lib/accounts/schema";
import { stripe } from "./stripe-client";

/** The account's customer at Stripe, created the first time; two concurrent calls get the same one. */
export async function customerOf(account: Account): Promise<string> {
  if (account.stripe) return account.stripe.customer;
  const customer = await stripe().customers.create(
    {
      email: account.email,
      ...(account.name ? { name: account.name } : {}),
      metadata: { account: account._id },
    },
    { idempotencyKey: `customer-${account._id}` },
  );
  return noteCustomer({ accountId: account._id, customer: customer.id });
}

/** Where the buyer looks after cards and billing details, at Stripe. */
export async function portalAddress({
  account,
  back,
}: {
  account: Account;
  back: string;
}): Promise<string> {
  const session = await stripe().billingPortal.sessions.create({
    customer: await customerOf(account),
    return_url: back,
  });
  return session.url;
}
