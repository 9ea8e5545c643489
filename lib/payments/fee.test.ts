import { expect, test } from "vitest";
import { parseCredits } from "@/lib/money";
import { purchaseFee } from "./fee";

test.each([
  ["50", 0, "0", "0"],
  ["50", 550, "0.80", "3.55"],
  ["5", 290, "0.30", "0.45"],
  ["5.01", 290, "0.30", "0.45"],
  ["2000", 10_000, "0", "2000"],
  ["5", 1, "0", "0.01"],
])("the fee on %s at %i basis points and %s fixed is %s", (amount, bps, fixedFee, fee) => {
  const set = { purchaseFeeBps: bps, purchaseFeeFixed: parseCredits(fixedFee) };
  expect(purchaseFee(parseCredits(amount), set as Parameters<typeof purchaseFee>[1])).toBe(
    parseCredits(fee),
  );
});
