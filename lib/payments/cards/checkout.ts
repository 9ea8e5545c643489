import type Stripe from "stripe";
import type { Account } from "@/lib/accounts/schema";
import { pageAddress } from "@/lib/accounts/page-address";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { notePurchase, nextCheck, openPurchase } from "@/lib/purchases/open";
import { countOpen } from "@/lib/purchases/queries";
import { customerOf } from "./customer";
import { purchaseFee } from "../fee";
import { CURRENCY, stripe, stripeSettings, toCents } from "./stripe-client";

const OPEN_MAX = 20;
/** How long the payment page waits for the buyer; Stripe allows from 30 minutes to a day. */
const PAGE_OPEN_S = 3600;

/** Opens a purchase of `amount` (nano-credits) and the page at Stripe where it is paid. Returns the page's address. */
export async function startCheckout(input: {
  account: Account;
  /** Who pays: their address is the customer's at Stripe when a team buys for the first time. */
  user: { email: string };
  amount: number;
  keepCard: boolean;
}): Promise<string> {
  const { account, user, amount, keepCard } = input;
  if ((await countOpen({ accountId: account._id, kind: "checkout" })) >= OPEN_MAX)
    throw new AppError(
      "rate_limited",
      `You have ${OPEN_MAX} payments open: finish one, or wait an hour.`,
    );
  const [id, fee, now] = [newId("pur"), purchaseFee(amount), Date.now()];
  const customer = await customerOf({ account, user });
  await openPurchase({
    _id: id,
    kind: "checkout",
    status: "open",
    accountId: account._id,
    amount,
    fee,
    createdAt: new Date(now),
    checkAt: nextCheck({ now, checks: 0 }),
    checks: 0,
  });
  const metadata = { purchase: id, account: account._id };
  const session = await stripe().checkout.sessions.create(
    {
      customer,
      // What the buyer enters there is on later receipts too.
      customer_update: { name: "auto", address: "auto" },
      billing_address_collection: "required",
      mode: "payment",
      client_reference_id: id,
      metadata,
      line_items: [line("OneKey credits", amount), ...(fee > 0 ? [line("Purchase fee", fee)] : [])],
      payment_intent_data: {
        metadata,
        ...(keepCard ? { setup_future_usage: "off_session" as const } : {}),
      },
      automatic_tax: { enabled: stripeSettings().tax },
      tax_id_collection: { enabled: true },
      // Otherwise a buyer may be shown, and charged in, another currency.
      adaptive_pricing: { enabled: false },
      expires_at: Math.floor(now / 1000) + PAGE_OPEN_S,
      success_url: pageAddress(account, `/dashboard/credits?payment=${id}`),
      cancel_url: pageAddress(account, `/dashboard/credits?cancelled=${id}`),
    },
    { idempotencyKey: id },
  );
  await notePurchase({ id, checkout: session.id });
  return addressOf(session);
}

/** The page at Stripe where a card is saved without paying. */
export async function startCardSetup({
  account,
  user,
}: {
  account: Account;
  user: { email: string };
}): Promise<string> {
  const session = await stripe().checkout.sessions.create({
    customer: await customerOf({ account, user }),
    mode: "setup",
    allowed_payment_method_types: ["card"],
    billing_address_collection: "required",
    client_reference_id: account._id,
    success_url: pageAddress(account, "/dashboard/credits?card={CHECKOUT_SESSION_ID}#top-up"),
    cancel_url: pageAddress(account, "/dashboard/credits#top-up"),
  });
  return addressOf(session);
}

function line(name: string, amount: number): Stripe.Checkout.SessionCreateParams.LineItem {
  return {
    quantity: 1,
    price_data: {
      currency: CURRENCY,
      unit_amount: toCents(amount),
      tax_behavior: "exclusive",
      product_data: { name },
    },
  };
}

function addressOf({ url }: Stripe.Checkout.Session): string {
  if (!url) throw new AppError("unavailable", "Stripe did not open a payment page: try again.");
  return url;
}
