import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf, totalInput } from "./cost";
import { listModels } from "./queries";
import { NO_USAGE, type Rates, type TokenRates, type Usage } from "./schema";

const rates = (per: number, more: Partial<Rates> = {}): Rates => ({
  input: per,
  output: per,
  cacheRead: per,
  cacheWrite5m: per,
  cacheWrite1h: per,
  ...more,
});

describe("cost", () => {
  it("rounds up once, not for each count", () => {
    expect(costOf({ rates: rates(1), usage: { ...NO_USAGE, input: 1 } })).toBe(1);
    expect(costOf({ rates: rates(400_000), usage: { ...NO_USAGE, input: 1, output: 1 } })).toBe(1);
    expect(costOf({ rates: rates(1), usage: NO_USAGE })).toBe(0);
    expect(costOf({ rates: rates(1_000_000), usage: { ...NO_USAGE, input: 1 } })).toBe(1);
  });

  it("does not bill reasoning beside the output that holds it", () => {
    expect(
      costOf({ rates: rates(1_000_000), usage: { ...NO_USAGE, output: 10, reasoning: 8 } }),
    ).toBe(10);
  });

  it("bills images, time, characters and calls", () => {
    const usage = {
      ...NO_USAGE,
      images: 2,
      milliseconds: 1_500,
      characters: 3,
      calls: { webSearch: 2, unpriced: 9 },
    };
    // 2 x 70 + 1.5 x 100 + 3 x 15 + 2 x 10
    expect(
      costOf({
        rates: rates(0, {
          perImage: 70,
          perSecond: 100,
          perCharacter: 15,
          perCall: { webSearch: 10 },
        }),
        usage,
      }),
    ).toBe(355);
    // a millisecond of 1 nano-credit a second is a nano-credit
    expect(
      costOf({ rates: rates(0, { perSecond: 1 }), usage: { ...NO_USAGE, milliseconds: 1 } }),
    ).toBe(1);
  });

  it("throws rather than lose a digit past 2^53", () => {
    expect(() =>
      costOf({ rates: rates(Number.MAX_SAFE_INTEGER), usage: { ...NO_USAGE, input: 2_000_000 } }),
    ).toThrow(RangeError);
  });

  it("is the exact sum for every model's rates and any usage", () => {
    const count = fc.nat(2_000_000);
    const usages: fc.Arbitrary<Usage> = fc.record(
      {
        ...{
          input: count,
          cacheRead: count,
          cacheWrite5m: count,
          cacheWrite1h: count,
          output: count,
          reasoning: count,
        },
        ...{
          inputAudio: count,
          outputAudio: count,
          inputImage: count,
          outputImage: count,
          inputVideo: count,
          cacheReadAudio: count,
          cacheReadImage: count,
        },
        ...{
          images: fc.nat(10),
          milliseconds: count,
          characters: fc.nat(5_000),
          calls: fc.dictionary(
            fc.constantFrom("webSearch", "xSearch", "groundedPrompt", "other"),
            fc.nat(20),
          ),
        },
      },
      {
        requiredKeys: ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output", "reasoning"],
      },
    );
    const prices = listModels().flatMap(({ prices: all }) =>
      all.flatMap((price) => [price.rates, ...Object.values(price.serviceTiers ?? {})]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...prices), usages, (priced, usage) => {
        expect(BigInt(costOf({ rates: priced, usage }))).toBe(independentCost(priced, usage));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is monotone in the threshold: one token more never costs less", () => {
    for (const { prices } of listModels()) {
      for (const { rates: priced } of prices) {
        for (const tier of priced.tiers ?? []) {
          const at = { ...NO_USAGE, input: tier.aboveInputTokens };
          expect(totalInput(at)).toBe(tier.aboveInputTokens);
          expect(costOf({ rates: priced, usage: { ...at, input: at.input + 1 } })).toBeGreaterThan(
            costOf({ rates: priced, usage: at }),
          );
        }
      }
    }
  });
});

/** The same price worked out another way: a table of (count, rate) over a common denominator, divided with a rest at the end. */
function independentCost(priced: Rates, usage: Usage): bigint {
  const kinds = [
    "input",
    "output",
    "cacheRead",
    "cacheWrite5m",
    "cacheWrite1h",
    "inputAudio",
    "outputAudio",
    "inputImage",
    "outputImage",
    "inputVideo",
    "cacheReadAudio",
    "cacheReadImage",
  ] as const;
  const plain = {
    inputAudio: "input",
    inputImage: "input",
    inputVideo: "input",
    outputAudio: "output",
    outputImage: "output",
    cacheReadAudio: "cacheRead",
    cacheReadImage: "cacheRead",
  } as const;
  const into = kinds
    .filter((kind) => !kind.startsWith("output"))
    .reduce((sum, kind) => sum + (usage[kind] ?? 0), 0);
  const reached = (priced.tiers ?? [])
    .filter((tier) => into > tier.aboveInputTokens)
    .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  const tokens: TokenRates = reached.at(-1) ?? priced;
  const rateOf = (kind: (typeof kinds)[number]) =>
    tokens[kind] ?? tokens[kind in plain ? plain[kind as keyof typeof plain] : "input"] ?? 0;
  const billionths = kinds.map((kind) => BigInt(usage[kind] ?? 0) * BigInt(rateOf(kind)) * 1_000n);
  billionths.push(BigInt(usage.milliseconds ?? 0) * BigInt(priced.perSecond ?? 0) * 1_000_000n);
  billionths.push(BigInt(usage.images ?? 0) * BigInt(priced.perImage ?? 0) * 1_000_000_000n);
  billionths.push(
    BigInt(usage.characters ?? 0) * BigInt(priced.perCharacter ?? 0) * 1_000_000_000n,
  );
  for (const [name, times] of Object.entries(usage.calls ?? {}))
    billionths.push(BigInt(times) * BigInt(priced.perCall?.[name] ?? 0) * 1_000_000_000n);
  const total = billionths.reduce((sum, each) => sum + each, 0n);
  const whole = total / 1_000_000_000n;
  return total % 1_000_000_000n === 0n ? whole : whole + 1n;
}
