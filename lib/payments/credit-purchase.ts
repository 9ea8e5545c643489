import { findById } from "@/lib/accounts/queries";
import { eraseBilling } from "@/lib/ledger/erase";
import { post } from "@/lib/ledger/post";
import type { ChainDetails, LedgerEntry, StripeDetails } from "@/lib/ledger/schema";
import { nano } from "@/lib/money";
import { ledgerEvent } from "@/lib/webhooks/build-events";
import { tryEmit } from "@/lib/webhooks/emit";

export type PaidPurchase = {
  /** The payment's own name: the PaymentIntent's id, or `chain:hash:ordinal`. */
  sourceId: string;
  accountId: string;
  /** Nano-credits, from what the payment system says was paid. */
  amount: number;
  /** Nano-credits, paid on top of the amount. */
  fee: number;
} & ({ stripe: StripeDetails } | { chain: ChainDetails });

/**
 * The only function by which money becomes credits. Once per payment: a second call with the same source changes nothing and
 * returns the same entry. The receipt is due from then on. A deleted account is credited too, so that the books balance with
 * Stripe's and a refund has something to be taken from, but who paid is not written to it again.
 */
export async function creditPurchase({
  fee,
  amount,
  ...purchase
}: PaidPurchase): Promise<LedgerEntry> {
  if (nano(amount) <= 0 || nano(fee) < 0)
    throw new RangeError("A purchase is of more than nothing.");
  const isErased = async () => (await findById(purchase.accountId))?.erasedAt !== undefined;
  const entry = await post({
    kind: "purchase",
    amount,
    ...(fee > 0 ? { fee } : {}),
    ...((await isErased()) ? withoutBuyer(purchase) : purchase),
    receipt: { dueAt: new Date() },
  });
  // Deleted since it was asked above: the deletion may have passed the ledger before this entry was there.
  if (await isErased()) await eraseBilling(purchase.accountId);
  if (entry.accountId !== purchase.accountId)
    throw new Error("This payment was credited to another account.");
  await tryEmit(ledgerEvent(entry));
  return entry;
}

function withoutBuyer<T extends { stripe?: StripeDetails } | { chain: ChainDetails }>(
  purchase: T,
): T {
  if (!("stripe" in purchase) || !purchase.stripe) return purchase;
  const { billing: _, ...stripe } = purchase.stripe;
  return { ...purchase, stripe };
}
