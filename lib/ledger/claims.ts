type PurchaseClaim = { amount: number; claimed?: number | undefined };

/**
 * What a claim on a purchase changes (nano-credits; a refund or a withdrawal is negative, what is given back positive).
 * Whatever their order, all claims together take back no more than the purchase and give back no more than was taken.
 */
export function withinPurchase(input: {
  purchase: number;
  earlier: PurchaseClaim[];
  claim: number;
}): number {
  const { purchase, earlier, claim } = input;
  const asked = earlier.reduce((sum, each) => sum + (each.claimed ?? each.amount), claim);
  const taken = earlier.reduce((sum, each) => sum + each.amount, 0);
  const change = Math.min(0, Math.max(-purchase, asked)) - taken;
  return change === 0 ? 0 : change;
}
