import { expect, test } from "vitest";
import { parseCredits } from "@/lib/money";
import { PurchaseAmount } from "./purchase-amount";

test.each([
  ["5", "5"],
  ["50.00", "50"],
  [" 12.5 ", "12.50"],
  ["$1,250.00", "1250"],
  ["7.", "7"],
  ["0050", "50"],
  ["2000", "2000"],
])("%s is %s credits", (text, credits) => {
  expect(PurchaseAmount.parse(text)).toBe(parseCredits(credits));
});

test.each([
  ["", /Enter an amount from \$5.00 to \$2,000.00/],
  ["-50", /not an amount/],
  ["4.99", /least is \$5.00/],
  ["0", /least/],
  ["2000.01", /most is \$2,000.00/],
  ["99999999999999999999999999", /most/],
  ["5.001", /two digits after the point/],
  ["1e3", /not an amount/],
  ["0x20", /not an amount/],
  ["NaN", /not an amount/],
  ["Infinity", /not an amount/],
  ["fifty", /not an amount/],
  ["50,00", /not an amount/],
  ["1,2,3", /not an amount/],
  ["5 0", /not an amount/],
  ["５０", /not an amount/],
])("%s is refused with a reason", (text, reason) => {
  expect(PurchaseAmount.safeParse(text).error?.issues[0]?.message).toMatch(reason);
});
