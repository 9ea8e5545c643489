import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf, totalInput } from "./cost";
import { listModels } from "./queries";
import { NO_USAGE, type Rates, type TokenRates, type Usage } from "./schema";

const rates = (per: number, units: Partial<Rates> = {}): Rates => ({
  input: per,
  output: per,
  cacheRead: per,
  cacheWrite5m: per,
  cacheWrite1h: per,
  ...units,
});

describe("cost", () => {
  it("rounds up once, not for each count", () => {
    expect(costOf({ rates: rates(1), usage: { ...NO_USAGE, input: 1 } })).toBe(1);
    expect(costOf({ rates: rates(400_000), usage: { ...NO_USAGE, input: 1, output: 1 } })).toBe(1);
    expect(costOf({ rates: rates(1), usage: NO_USAGE })).toBe(0);
    expect(costOf({ rates: rates(1_000_000), usage: { ...NO_USAGE, input: 1 } })).toBe(1);
  });

  it("does not bill reasoning next to the output that contains it", () => {
    expect(
      costOf({ rates: rates(1_000_000), usage: { ...NO_USAGE, output: 10, reasoning: 8 } }),
    ).toBe(10);
  });

  it("bills images, time, characters and calls", () => {
    const usage = {
      ...NO_USAGE,
      images: 2,
      inputImages: 3,
      milliseconds: 1_500,
      characters: 3,
      calls: { webSearch: 2, unpriced: 9 },
    };
    // 2 x 70 + 3 x 7 + 1.5 / 3600 x 360000 + 3 x 15 + 2 x 10
    expect(
      costOf({
        rates: rates(0, {
          perImage: 70,
          perInputImage: 7,
          perHour: 360_000,
          perCharacter: 15,
          perCall: { webSearch: 10 },
        }),
        usage,
      }),
    ).toBe(376);
    // a millisecond of 1 nano-credit an hour is a nano-credit
    expect(
      costOf({ rates: rates(0, { perHour: 1 }), usage: { ...NO_USAGE, milliseconds: 1 } }),
    ).toBe(1);
  });

  it("bills an hour at a price that no second divides, exactly", () => {
    const hourly = rates(0, { perHour: 100_000_000 });
    const lasting = (milliseconds: number) =>
      costOf({ rates: hourly, usage: { ...NO_USAGE, milliseconds } });
    expect(lasting(3_600_000)).toBe(100_000_000);
    // 12.34 s x 100000000 / 3600 = 342777.7…
    expect(lasting(12_340)).toBe(342_778);
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
        input: count,
        cacheRead: count,
        cacheWrite5m: count,
        cacheWrite1h: count,
        output: count,
        reasoning: count,
        inputAudio: count,
        outputAudio: count,
        inputImage: count,
        outputImage: count,
        inputVideo: count,
        cacheReadAudio: count,
        cacheReadImage: count,
        images: fc.nat(10),
        inputImages: fc.nat(10),
        milliseconds: count,
        characters: fc.nat(5_000),
        calls: fc.dictionary(
          fc.constantFrom("webSearch", "xSearch", "groundedPrompt", "other"),
          fc.nat(20),
        ),
      },
      {
        requiredKeys: ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output", "reasoning"],
      },
    );
    const prices = listModels().flatMap(({ prices: all }) =>
      all.flatMap((price) => [
        price.rates,
        ...Object.values(price.serviceTiers ?? {}),
        ...Object.values(price.endpointRates ?? {}),
      ]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...prices), usages, (modelRates, usage) => {
        expect(BigInt(costOf({ rates: modelRates, usage }))).toBe(
          independentCost(modelRates, usage),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("is monotone in the threshold: one token more never costs less", () => {
    for (const { prices } of listModels()) {
      for (const { rates: modelRates } of prices) {
        for (const tier of modelRates.tiers ?? []) {
          const at = { ...NO_USAGE, input: tier.aboveInputTokens };
          expect(totalInput(at)).toBe(tier.aboveInputTokens);
          expect(
            costOf({ rates: modelRates, usage: { ...at, input: at.input + 1 } }),
          ).toBeGreaterThan(costOf({ rates: modelRates, usage: at }));
        }
      }
    }
  });
});

/** The same price worked out another way: a table of (count, rate) over a common denominator, divided with a rest at the end. */
function independentCost(modelRates: Rates, usage: Usage): bigint {
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
  const tiers = (modelRates.tiers ?? [])
    .filter((tier) => into > tier.aboveInputTokens)
    .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  const tokens: TokenRates = tiers.at(-1) ?? modelRates;
  const rateOf = (kind: (typeof kinds)[number]) =>
    tokens[kind] ?? tokens[kind in plain ? plain[kind as keyof typeof plain] : "input"] ?? 0;
  // In 36-billionths of a nano-credit, of which an hour's rate has ten thousand for each millisecond.
  const one = 36_000_000_000n;
  const shares = kinds.map((kind) => BigInt(usage[kind] ?? 0) * BigInt(rateOf(kind)) * 36_000n);
  shares.push(BigInt(usage.milliseconds ?? 0) * BigInt(modelRates.perHour ?? 0) * 10_000n);
  const counts: [number | undefined, number | undefined][] = [
    [usage.images, modelRates.perImage],
    [usage.inputImages, modelRates.perInputImage],
    [usage.characters, modelRates.perCharacter],
    ...Object.entries(usage.calls ?? {}).map(([name, times]): [number, number | undefined] => [
      times,
      modelRates.perCall?.[name],
    ]),
  ];
  for (const [times = 0, rate = 0] of counts) shares.push(BigInt(times) * BigInt(rate) * one);
  const total = shares.reduce((sum, share) => sum + share, 0n);
  return total % one === 0n ? total / one : total / one + 1n;
}
