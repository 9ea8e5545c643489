import fc from "fast-check";
import { expect, test } from "vitest";
import { withinPurchase } from "./claims";

function amounts(purchase: number, claims: number[]): number[] {
  const earlier: { amount: number; claimed: number }[] = [];
  for (const claim of claims)
    earlier.push({ amount: withinPurchase({ purchase, earlier, claim }), claimed: claim });
  return earlier.map((claim) => claim.amount);
}

test.each([
  ["a full refund takes all", 50, [-50], [-50]],
  ["two partial refunds take their own", 50, [-20, -30], [-20, -30]],
  ["a dispute after a refund takes what is left", 50, [-20, -50], [-20, -30]],
  ["a refund after a dispute takes nothing more", 50, [-50, -50], [-50, 0]],
  ["a dispute that is won gives back what it took", 50, [-50, 50], [-50, 50]],
  [
    "a dispute that is won after a refund leaves the refund applied",
    50,
    [-50, -20, 50],
    [-50, 0, 30],
  ],
  ["a reinstatement that arrives before its withdrawal", 50, [50, -50], [0, 0]],
])("%s", (_, purchase, claims, amountList) => {
  expect(amounts(purchase, claims)).toEqual(amountList);
});

test("claims in any order end at the same balance, between zero and the purchase", () => {
  const claims = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1500 }),
      claims,
      fc.infiniteStream(fc.nat()),
      (purchase, list, random) => {
        const permutation = [...list]
          .map((claim) => [random.next().value, claim] as const)
          .sort(([a], [b]) => a - b)
          .map(([, claim]) => claim);
        const sum = (of: number[]) => of.reduce((total, value) => total + value, 0);
        const balance = purchase + sum(amounts(purchase, list));
        expect(balance).toBe(purchase + sum(amounts(purchase, permutation)));
        expect(balance).toBeGreaterThanOrEqual(0);
        expect(balance).toBeLessThanOrEqual(purchase);
      },
    ),
  );
});
