import { env } from "@/lib/env";
import { feeOn, type NanoCredits } from "@/lib/money";

/** The purchase fee on an amount, as the operator set it. */
export function purchaseFee(
  amount: number,
  { purchaseFeeBps, purchaseFeeFixed } = env(),
): NanoCredits {
  return feeOn(amount, { bps: purchaseFeeBps, fixed: purchaseFeeFixed });
}
