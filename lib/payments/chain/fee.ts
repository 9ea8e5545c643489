import { env } from "@/lib/env";
import { feeOn, nano } from "@/lib/money";

/**
 * What a transfer of `total` buys: the purchase fee is part of what was sent, so that amount + fee = total, and sending
 * an amount with its fee buys that amount. Null where nothing is left over the fee.
 */
export function splitFee(
  total: number,
  fees: { bps: number; fixed: number } = {
    bps: env().purchaseFeeBps,
    fixed: env().purchaseFeeFixed,
  },
): { amount: number; fee: number } | null {
  const share = (BigInt(total) - BigInt(fees.fixed)) * 10_000n;
  if (share <= 0n) return null;
  const rate = BigInt(10_000 + fees.bps);
  // The fee of this is that of the amount, or a cent's fraction more: rounded up, it is never too little.
  const fee = feeOn(Number((share + rate - 1n) / rate), fees);
  const amount = nano(total - fee);
  return amount > 0 ? { amount, fee } : null;
}
