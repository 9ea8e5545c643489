import { noteCustomer } from "@/lib/accounts/cards";
import type { Account } from "@/lib/accounts/schema";
import { stripe } from "./stripe-client";

/** The account's customer at Stripe, created the first time; two concurrent calls get the same one. */
export async function customerOf({
  account,
  user,
}: {
  account: Account;
  user: { email: string };
}): Promise<string> {
  if (account.stripe) return account.stripe.customer;
  const customer = await stripe().customers.create(
    {
      email: user.email,
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
  user,
  back,
}: {
  account: Account;
  user: { email: string };
  back: string;
}): Promise<string> {
  const session = await stripe().billingPortal.sessions.create({
    customer: await customerOf({ account, user }),
    return_url: back,
  });
  return session.url;
}
