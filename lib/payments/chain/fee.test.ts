import { expect, test } from "vitest";
import { feeOn, parseCredits } from "@/lib/money";
import { splitFee } from "./fee";

const fees = (bps: number, fixedFee: string) => ({ bps, fixed: parseCredits(fixedFee) });

test("without a fee, the complete transfer is credited to the last digit", () => {
  expect(splitFee(12_345_678_000, fees(0, "0"))).toEqual({ amount: 12_345_678_000, fee: 0 });
});

test("a transfer of amount and fee buys that amount, and the two sum to the transfer", () => {
  for (const [bps, fixedFee] of [
    [0, "0"],
    [100, "0"],
    [290, "0.30"],
    [0, "1.5"],
    [10_000, "0"],
    [37, "0.07"],
  ] as const) {
    for (let cents = 1; cents < 20_000; cents += 211) {
      const amount = cents * 10_000_000;
      const set = fees(bps, fixedFee);
      const transferAmount = amount + feeOn(amount, set);
      expect(splitFee(transferAmount, set)).toEqual({ amount, fee: transferAmount - amount });
    }
    for (const total of [5_000_000_001, 7_777_777_000, 123_456_789_012, 9_007_199_254_740_991]) {
      const split = splitFee(total, fees(bps, fixedFee));
      expect(split && split.amount + split.fee).toBe(total);
      expect(split && split.fee >= feeOn(split.amount, fees(bps, fixedFee))).toBe(true);
    }
  }
});

test("what does not cover the fee buys nothing", () => {
  expect(splitFee(parseCredits("0.30"), fees(0, "0.30"))).toBeNull();
  expect(splitFee(parseCredits("0.29"), fees(0, "0.30"))).toBeNull();
  expect(splitFee(parseCredits("0.305"), fees(0, "0.30"))).toMatchObject({
    fee: parseCredits("0.3"),
  });
});
