import type { LedgerEntry } from "@/lib/ledger/schema";
import { errorName, log } from "@/lib/log";
import { takeCheck } from "@/lib/purchases/open";
import { listDue } from "@/lib/purchases/queries";
import { closePurchase } from "@/lib/purchases/close";
import type { Purchase } from "@/lib/purchases/schema";
import { NEVER_PAID, settleCheckout } from "./settle-checkout";
import { settleTopUp } from "./settle-top-up";
import { cardsConfigured, isMissing } from "./stripe-client";

/** A payment page that was never opened is given up after so long. */
const UNOPENED_MS = 2 * 3_600_000;

/** Asks Stripe about the open purchases that are due: a webhook that never came costs the buyer nothing. */
export async function pollCardPayments(now = Date.now()): Promise<void> {
  if (!cardsConfigured()) return;
  for (const purchase of await listDue(new Date(now))) {
    if (!(await takeCheck({ purchase, now }))) continue;
    try {
      await checkPayment({ purchase, now });
    } catch (error) {
      if (isMissing(error)) {
        await closePurchase({
          id: purchase._id,
          status: "refused",
          reason: "Stripe knows of no such payment.",
        });
        continue;
      }
      log.error("payment.check.failed", { accountId: purchase.accountId, error: errorName(error) });
    }
  }
}

/** Brings one purchase by card to where it is at Stripe now. */
export async function checkPayment(input: {
  purchase: Purchase;
  now: number;
}): Promise<LedgerEntry | null> {
  const { purchase, now } = input;
  if (purchase.kind === "checkout" && purchase.checkout) return settleCheckout(purchase.checkout);
  if (purchase.kind === "top-up" && purchase.paymentIntent)
    return settleTopUp({ purchase, intentId: purchase.paymentIntent });
  if (purchase.kind === "checkout" && now - purchase.createdAt.getTime() > UNOPENED_MS)
    await closePurchase({ id: purchase._id, status: "refused", reason: NEVER_PAID });
  return null;
}
