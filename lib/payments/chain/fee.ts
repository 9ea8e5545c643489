import { env } from "@/lib/env";
import { nano } from "@/lib/money";
import { purchaseFee } from "@/lib/payments/fee";

/**
 * What a transfer of `total` buys: the purchase fee is part of what was sent, so that amount + fee = total, and sending
 * amount + `purchaseFee(amount)` buys that amount. Null where nothing is left over the fee.
 */
export function splitFee(total: number, fees = env()): { amount: number; fee: number } | null {
  const { purchaseFeeBps, purchaseFeeFixed } = fees;
  const share = (BigInt(total) - BigInt(purchaseFeeFixed)) * 10_000n;
  const unrounded = share / BigInt(10_000 + purchaseFeeBps);
  if (unrounded <= 0n) return null;
  const fee = purchaseFee(Number(unrounded), fees);
  const amount = nano(total - fee);
  return amount > 0 ? { amount, fee } : null;
}
