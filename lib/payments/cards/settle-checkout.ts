import type Stripe from "stripe";
import { saveCard } from "@/lib/accounts/cards";
import { findById } from "@/lib/accounts/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { log } from "@/lib/log";
import { closePurchase } from "@/lib/purchases/close";
import { notePurchase } from "@/lib/purchases/open";
import { findPurchase } from "@/lib/purchases/queries";
import type { Purchase } from "@/lib/purchases/schema";
import { creditPurchase } from "../credit-purchase";
import { CURRENCY, fromCents, stripe } from "./stripe-client";
import { detailsOfSession, expanded, savedCardOf } from "./stripe-details";
import { applyRefunds } from "./apply-refunds";

/** Why a purchase ended whose buyer went away. */
export const NEVER_PAID = "The payment page closed before anything was paid.";

/**
 * Brings a purchase to where its Checkout session is now, as Stripe's API returns it: what an event said may be old.
 * Webhook, polling and the buyer's own return call it, in any order and as often as they like. Returns the ledger's entry
 * once it is paid; null while it is not, and for a session that is not ours.
 */
export async function settleCheckout(sessionId: string): Promise<LedgerEntry | null> {
  const session = await stripe().checkout.sessions.retrieve(sessionId, {
    expand: [
      "payment_intent.payment_method",
      "payment_intent.latest_charge",
      "total_details.breakdown",
    ],
  });
  if (session.mode === "setup") return keepSetUpCard(session);
  const purchase = session.client_reference_id
    ? await findPurchase(session.client_reference_id)
    : null;
  if (!purchase || purchase.kind !== "checkout" || (purchase.checkout ?? session.id) !== session.id)
    return null;
  if (session.payment_status === "paid") return credit({ session, purchase });
  if (session.status === "expired") {
    await closePurchase({
      id: purchase._id,
      status: "refused",
      reason: NEVER_PAID,
    });
  } else if (session.status === "complete") {
    const intent = expanded(session.payment_intent, "the payment of session");
    if (intent.status === "processing")
      await notePurchase({ id: purchase._id, checkout: session.id, processing: true });
    else if (intent.status === "requires_payment_method" || intent.status === "canceled")
      await closePurchase({
        id: purchase._id,
        status: "refused",
        reason: "The bank refused the payment: nothing was charged.",
      });
  }
  return null;
}

async function credit({
  session,
  purchase,
}: {
  session: Stripe.Checkout.Session;
  purchase: Purchase;
}) {
  const intent = expanded(session.payment_intent, "the payment of session");
  const problem = mismatch({ session, intent, purchase });
  if (problem) {
    log.error("payment.mismatch", { accountId: purchase.accountId, purchase: purchase._id });
    await closePurchase({ id: purchase._id, status: "attention", reason: problem });
    return null;
  }
  const entry = await creditPurchase({
    sourceId: intent.id,
    accountId: purchase.accountId,
    amount: fromCents(session.amount_subtotal ?? 0) - purchase.fee,
    fee: purchase.fee,
    stripe: detailsOfSession(session, intent),
  });
  await closePurchase({ id: purchase._id, status: "posted", entry: entry._id });
  const card =
    intent.setup_future_usage === "off_session"
      ? savedCardOf(expanded(intent.payment_method, "the card of"))
      : null;
  if (card) await saveCard({ accountId: purchase.accountId, card });
  const charge = expanded(intent.latest_charge, "the charge of");
  if (charge.amount_refunded > 0 || charge.disputed) await applyRefunds(intent.id);
  return entry;
}

/** Why a paid session is not credited automatically: it is not what was ordered. */
function mismatch(input: {
  session: Stripe.Checkout.Session;
  intent: Stripe.PaymentIntent;
  purchase: Purchase;
}): string | null {
  const { session, intent, purchase } = input;
  if (session.currency !== CURRENCY || intent.currency !== CURRENCY)
    return "The payment is in another currency than US dollars. The operator has to look at it.";
  const paidAmount = session.amount_total ?? 0;
  const orderedAmount =
    session.amount_subtotal !== null &&
    fromCents(session.amount_subtotal) === purchase.amount + purchase.fee;
  if (
    !orderedAmount ||
    intent.amount_received !== paidAmount ||
    fromCents(paidAmount) < purchase.amount + purchase.fee
  )
    return "The payment is not of the amount that was ordered. The operator has to look at it.";
  return null;
}

/** `settleCheckout` for a set-up page of this account; another account's changes nothing. */
export async function settleSetUpCard(input: {
  accountId: string;
  sessionId: string;
}): Promise<void> {
  const session = await stripe().checkout.sessions.retrieve(input.sessionId);
  if (session.mode === "setup" && session.client_reference_id === input.accountId)
    await keepSetUpCard(session);
}

async function keepSetUpCard(session: Stripe.Checkout.Session): Promise<null> {
  const account = session.client_reference_id ? await findById(session.client_reference_id) : null;
  if (session.status !== "complete" || !account || !session.setup_intent) return null;
  const { setup_intent: intent } = await stripe().checkout.sessions.retrieve(session.id, {
    expand: ["setup_intent.payment_method"],
  });
  const method = expanded(expanded(intent, "the set-up of").payment_method, "the card of");
  const card = savedCardOf(method);
  const { name, address } = session.customer_details ?? {};
  // Automatic top-up needs them for tax and receipts.
  if (account.stripe && address)
    await stripe().customers.update(account.stripe.customer, {
      address: addressParam(address),
      ...(name ? { name } : {}),
    });
  if (card) await saveCard({ accountId: account._id, card });
  return null;
}

const addressParam = (address: Stripe.Address): Stripe.AddressParam =>
  Object.fromEntries(Object.entries(address).filter(([, value]) => value !== null));
