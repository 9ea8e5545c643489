import { noteCustomer } from "@/lib/accounts/cards";
import type { Account } from "@/lib/accounts/schema";
import { stripe } from "./stripe-client";

/** The account's customer at Stripe, made the first time; two that ask at once get the same one. */
export async function customerOf(account: Account): Promise<string> {
  if (account.stripe) return account.stripe.customer;
  const made = await stripe().customers.create(
    {
      email: account.email,
      ...(account.name ? { name: account.name } : {}),
      metadata: { account: account._id },
    },
    { idempotencyKey: `customer-${account._id}` },
  );
  return noteCustomer({ accountId: account._id, customer: made.id });
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
