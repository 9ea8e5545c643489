import { env } from "@/lib/env";
import { feeOn, type Nano } from "@/lib/money";

/** The purchase fee on an amount, as the operator set it. */
export function purchaseFee(amount: number, { purchaseFeeBps, purchaseFeeFixed } = env()): Nano {
  return feeOn(amount, { bps: purchaseFeeBps, fixed: purchaseFeeFixed });
}
