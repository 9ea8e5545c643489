import { findPurchaseEntry } from "@/lib/ledger/queries";
import { post } from "@/lib/ledger/post";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { nano } from "@/lib/money";
import { ledgerEvent } from "@/lib/webhooks/build-events";
import { tryEmit } from "@/lib/webhooks/emit";
import { fromCents, stripe } from "./stripe-client";

/**
 * Takes out of an account what was refunded or withdrawn of a payment, and gives back what was reinstated. It reads all
 * refunds and disputes of the payment from Stripe: events state running totals, come twice and in any order. Does nothing
 * for a payment that was not credited.
 */
export async function applyRefunds(paymentIntent: string): Promise<void> {
  const purchase = await findPurchaseEntry(paymentIntent);
  if (!purchase) return;
  for await (const refund of stripe().refunds.list({ payment_intent: paymentIntent, limit: 100 })) {
    const details = { paymentIntent, refund: refund.id };
    const claim = shareOf(purchase, fromCents(refund.amount));
    await postClaim({
      ...from(purchase),
      sourceId: refund.id,
      kind: "refund",
      amount: -claim,
      stripe: details,
      receipt: { dueAt: new Date() },
    });
    // Whoever read this refund while it was pending has taken it: both entries stand, whichever comes first.
    if (refund.status === "failed" || refund.status === "canceled")
      await postClaim({
        ...from(purchase),
        sourceId: `${refund.id}:failed`,
        kind: "refund",
        amount: claim,
        reason: "The refund did not reach the buyer.",
        stripe: details,
        receipt: { dueAt: new Date() },
      });
  }
  for await (const dispute of stripe().disputes.list({
    payment_intent: paymentIntent,
    limit: 100,
  })) {
    const details = { paymentIntent, dispute: dispute.id };
    const claim = shareOf(purchase, fromCents(dispute.amount));
    const amounts = dispute.balance_transactions.map(({ amount }) => amount);
    if (amounts.some((amount) => amount < 0))
      await postClaim({
        ...from(purchase),
        sourceId: `${dispute.id}:withdrawn`,
        kind: "dispute",
        amount: -claim,
        stripe: details,
      });
    if (amounts.some((amount) => amount > 0))
      await postClaim({
        ...from(purchase),
        sourceId: `${dispute.id}:reinstated`,
        kind: "dispute",
        amount: claim,
        stripe: details,
      });
  }
}

/** Posts a refund or a dispute, and records its event. */
async function postClaim(claim: Parameters<typeof post>[0]): Promise<void> {
  await tryEmit(ledgerEvent(await post(claim)));
}

const from = (purchase: LedgerEntry) => ({ accountId: purchase.accountId, of: purchase._id });

/** The credits that a part of what was paid stands for, rounded up: fee and tax are given back in the same share. */
export function shareOf(purchase: Pick<LedgerEntry, "amount" | "stripe">, part: number): number {
  const total = BigInt(purchase.stripe?.total ?? purchase.amount);
  return nano(Number((BigInt(purchase.amount) * BigInt(part) + total - 1n) / total));
}
