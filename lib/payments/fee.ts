import { env } from "@/lib/env";
import { nano, type Nano } from "@/lib/money";

const CENT = 10_000_000n;

/** The purchase fee on an amount, as the operator set it: a share and a fixed part, rounded up to the cent once. */
export function purchaseFee(amount: number, { purchaseFeeBps, purchaseFeeFixed } = env()): Nano {
  const exact = BigInt(nano(amount)) * BigInt(purchaseFeeBps) + BigInt(purchaseFeeFixed) * 10_000n;
  const cents = (exact + CENT * 10_000n - 1n) / (CENT * 10_000n);
  return nano(Number(cents * CENT));
}
