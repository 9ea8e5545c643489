import fc from "fast-check";
import { expect, test } from "vitest";
import { feeOn, formatCredits, NANO_PER_CREDIT, nano, parseCredits } from "./money";

const RUNS = process.env.ONEKEY_TEST_LONG ? 300_000 : 10_000;
const amount = fc.integer({ min: -(10 ** 15), max: 10 ** 15 });

test(`what is written of an amount is read back as the same integer, over ${RUNS} amounts`, () => {
  fc.assert(
    fc.property(amount, (value) => {
      expect(parseCredits(formatCredits(value))).toBe(value);
    }),
    { numRuns: RUNS },
  );
}, 600_000);

test(`a fee is that of bigint arithmetic, rounded up to the cent, over ${RUNS} purchases`, () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 13 }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 10 ** 10 }),
      (value, bps, fixedFee) => {
        const fee = BigInt(feeOn(value, { bps, fixed: fixedFee }));
        const cents = 10_000_000n;
        const [exact, unit] = [BigInt(value) * BigInt(bps) + BigInt(fixedFee) * 10_000n, 10_000n];
        expect(fee % cents).toBe(0n);
        expect(fee * unit >= exact).toBe(true);
        expect((fee - cents) * unit < exact).toBe(true);
      },
    ),
    { numRuns: RUNS },
  );
}, 600_000);

test("what is no amount, or past 2^53, is refused", () => {
  for (const text of [
    "",
    "1e3",
    "0x10",
    "1.0000000001",
    "1,5",
    "--1",
    "1.",
    ".5",
    "NaN",
    "99999999999",
    " ",
    "１",
  ])
    expect(() => parseCredits(text), text).toThrow(RangeError);
  expect(() => nano(2 ** 53)).toThrow(RangeError);
  expect(() => nano(0.5)).toThrow(RangeError);
  expect(() => formatCredits(Number.NaN)).toThrow(RangeError);
  expect(() => parseCredits("999999999")).toThrow(RangeError);
  expect(parseCredits("9007199.254740991")).toBe(Number.MAX_SAFE_INTEGER);
  expect(parseCredits("12")).toBe(12 * NANO_PER_CREDIT);
});
