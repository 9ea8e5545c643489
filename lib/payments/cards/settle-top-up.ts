import type Stripe from "stripe";
import { findById } from "@/lib/accounts/queries";
import { endTopUp } from "@/lib/accounts/top-up";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { log } from "@/lib/log";
import { closePurchase } from "@/lib/purchases/close";
import { notePurchase } from "@/lib/purchases/open";
import type { Purchase } from "@/lib/purchases/schema";
import { creditPurchase } from "../credit-purchase";
import { CURRENCY, fromCents, stripe } from "./stripe-client";
import { billingOf, expanded, methodOf } from "./stripe-details";
import { applyRefunds } from "./apply-refunds";

/** Brings an automatic top-up to where its PaymentIntent is now; for every caller, in any order and as often as they like. */
export async function settleTopUp(input: {
  purchase: Purchase;
  intentId: string;
}): Promise<LedgerEntry | null> {
  const { purchase, intentId } = input;
  const intent = await stripe().paymentIntents.retrieve(intentId, {
    expand: ["payment_method", "latest_charge", "customer"],
  });
  if (intent.metadata.purchase !== purchase._id) return null;
  switch (intent.status) {
    case "succeeded":
      return credit({ intent, purchase });
    case "processing":
      await notePurchase({ id: purchase._id, paymentIntent: intent.id, processing: true });
      return null;
    default:
      // What was not paid immediately must not be paid later, when nobody waits for it.
      if (intent.status !== "canceled") await stripe().paymentIntents.cancel(intent.id);
      await failTopUp({ purchase, reason: declineReason(intent.last_payment_error) });
      return null;
  }
}

async function credit({ intent, purchase }: { intent: Stripe.PaymentIntent; purchase: Purchase }) {
  const { _id: id, accountId, amount, fee, tax = [] } = purchase;
  const total = tax.reduce((sum, line) => sum + line.amount, amount + fee);
  const paidAmount = fromCents(intent.amount_received);
  if (intent.currency !== CURRENCY || paidAmount !== total) {
    log.error("payment.mismatch", { accountId, purchase: id });
    const reason =
      "The payment is not of the amount that was ordered. The operator has to look at it.";
    await closePurchase({ id, status: "attention", reason });
    await end({ purchase, failed: reason });
    return null;
  }
  const customer = intent.customer;
  const entry = await creditPurchase({
    sourceId: intent.id,
    accountId,
    amount: paidAmount - (total - amount),
    fee,
    stripe: {
      paymentIntent: intent.id,
      total: paidAmount,
      tax,
      method: methodOf(intent),
      billing:
        typeof customer === "object" && customer && !customer.deleted ? billingOf(customer) : {},
      automatic: true,
    },
  });
  await closePurchase({ id, status: "posted", entry: entry._id });
  await end({ purchase });
  const charge = expanded(intent.latest_charge, "the charge of");
  if (charge.amount_refunded > 0 || charge.disputed) await applyRefunds(intent.id);
  return entry;
}

/** Ends a top-up that was not paid: it stays off from then on, and its owner gets a mail. */
export async function failTopUp({
  purchase,
  reason,
}: {
  purchase: Purchase;
  reason: string;
}): Promise<void> {
  await closePurchase({ id: purchase._id, status: "refused", reason });
  await end({ purchase, failed: reason });
}

async function end({
  purchase,
  failed: failure,
}: {
  purchase: Purchase;
  failed?: string;
}): Promise<void> {
  const account = await findById(purchase.accountId);
  const pending = account?.topUp?.pending;
  if (!account || pending?.purchase !== purchase._id) return;
  await endTopUp({
    accountId: account._id,
    pending,
    ...(failure === undefined ? {} : { failed: failure }),
  });
}

/** Why the bank said no, in our words. */
export function declineReason(
  error: { code?: string; decline_code?: string } | null | undefined,
): string {
  switch (error?.decline_code ?? error?.code) {
    case "authentication_required":
      return "Your bank asks you to confirm the payment, which an automatic one cannot do.";
    case "expired_card":
      return "The card has expired.";
    case "insufficient_funds":
      return "The bank says that the card does not cover the amount.";
    default:
      return "The bank declined the card.";
  }
}
