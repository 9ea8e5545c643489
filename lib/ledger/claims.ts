type PurchaseClaim = { amount: number; claimed?: number | undefined };

/**
 * What a claim on a purchase changes (nano-credits; a refund or a withdrawal is negative, what is given back positive).
 * Whatever their order, all claims together remove no more than the purchase and return no more than was removed.
 */
export function withinPurchase(input: {
  purchase: number;
  earlier: PurchaseClaim[];
  claim: number;
}): number {
  const { purchase, earlier, claim } = input;
  const claimTotal = earlier.reduce((sum, entry) => sum + (entry.claimed ?? entry.amount), claim);
  const appliedTotal = earlier.reduce((sum, entry) => sum + entry.amount, 0);
  const change = Math.min(0, Math.max(-purchase, claimTotal)) - appliedTotal;
  return change === 0 ? 0 : change;
}
