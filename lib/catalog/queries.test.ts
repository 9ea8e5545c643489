import { describe, expect, it } from "vitest";
import { findModel, listModels, nearestModelIds, ratesAt } from "./queries";

const model = (id: string) => {
  const found = findModel(id);
  if (!found) throw new Error(`no model ${id}`);
  return found;
};
const now = new Date("2026-11-24T12:00:00Z");

describe("the catalogue", () => {
  it("sells at least 60 models, over four providers", () => {
    expect(listModels().length).toBeGreaterThanOrEqual(60);
    expect(new Set(listModels().map(({ provider }) => provider)).size).toBe(4);
  });

  it("prices every model above zero, or says that it is free", () => {
    for (const each of listModels()) {
      const rates = ratesAt({ model: each, at: now });
      const most = Math.max(
        0,
        ...Object.values(rates ?? {}).map((rate) => (typeof rate === "number" ? rate : 0)),
      );
      if (each.free) expect(most, each.id).toBe(0);
      else expect(most, each.id).toBeGreaterThan(0);
      if (each.kind === "text")
        expect(
          Math.min(
            rates?.input ?? 0,
            rates?.output ?? 0,
            rates?.cacheRead ?? 0,
            rates?.cacheWrite5m ?? 0,
            rates?.cacheWrite1h ?? 0,
          ),
          each.id,
        ).toBeGreaterThan(0);
    }
  });

  it("knows each id and alias once, a limit and an endpoint for each, prices in order", () => {
    const ids = listModels().flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, endpoints, prices, context, maxOutput } of listModels()) {
      expect(endpoints.length, id).toBeGreaterThan(0);
      expect(maxOutput, id).toBeLessThanOrEqual(
        Math.max(context, maxOutput === 16_384 ? 16_384 : context),
      );
      const days = prices.map(({ from }) => from);
      expect([...days].sort(), id).toEqual(days);
    }
  });

  it("never makes a long request, or a longer cache, cheaper", () => {
    for (const { id, prices } of listModels()) {
      for (const { rates } of prices) {
        for (const each of [rates, ...(rates.tiers ?? [])]) {
          expect(each.cacheRead, id).toBeLessThanOrEqual(each.input);
          expect(each.cacheWrite1h, id).toBeGreaterThanOrEqual(each.cacheWrite5m);
          expect(each.input, id).toBeGreaterThanOrEqual(rates.input);
        }
      }
    }
  });

  it("does not sell what is retired", () => {
    expect(findModel("claude-opus-4-1-20250805")).toBeNull();
    expect(findModel("grok-code-fast-1")).toBeNull();
  });
});

describe("finding a model", () => {
  it("takes aliases, dated ids and prefixes", () => {
    expect(model("claude-sonnet-4-5").id).toBe("claude-sonnet-4-5-20250929");
    expect(model("gpt-4o-2024-08-06").id).toBe("gpt-4o");
    expect(model("models/gemini-2.5-pro").id).toBe("gemini-2.5-pro");
    expect(model("xai/grok-4.7").id).toBe("grok-4.7");
    expect(model("anthropic/claude-haiku-4-5").id).toBe("claude-haiku-4-5-20251001");
  });

  it("does not take another provider's prefix, or what an object carries", () => {
    for (const id of [
      "openai/grok-4.7",
      "models/gpt-4o",
      "gpt-4o-2024-05-13",
      "",
      "/",
      "__proto__",
      "constructor",
      "openai/toString",
    ])
      expect(findModel(id), id).toBeNull();
  });

  it("names the nearest ids", () => {
    expect(nearestModelIds("gpt-5.4-mimi")[0]).toBe("gpt-5.4-mini");
    expect(nearestModelIds("openai/gpt4o")[0]).toBe("gpt-4o");
    expect(nearestModelIds("claude-sonet-5")).toHaveLength(3);
    expect(nearestModelIds("x".repeat(100_000))).toEqual([]);
  });
});

describe("rates", () => {
  it("change on their day", () => {
    const flash = model("gemini-3.7-flash");
    expect(ratesAt({ model: flash, at: new Date("2026-12-31T23:59:59.999Z") })?.input).toBe(
      750_000_000,
    );
    expect(ratesAt({ model: flash, at: new Date("2027-01-01T00:00:00Z") })?.input).toBe(
      1_500_000_000,
    );
    expect(ratesAt({ model: flash, at: new Date("2020-01-01T00:00:00Z") })).toBeNull();
  });

  it("are null for a tier, a speed or a place without a price", () => {
    const at = now;
    expect(ratesAt({ model: model("gpt-4o"), at, serviceTier: "scale" })).toBeNull();
    expect(ratesAt({ model: model("gpt-4o"), at, serviceTier: "constructor" })).toBeNull();
    expect(ratesAt({ model: model("gpt-5.4"), at, speed: "fast" })).toBeNull();
    expect(ratesAt({ model: model("claude-sonnet-5"), at, speed: "fast" })).toBeNull();
    expect(ratesAt({ model: model("claude-haiku-4-5"), at, inferenceGeo: "us" })).toBeNull();
    expect(ratesAt({ model: model("claude-opus-5"), at, inferenceGeo: "eu" })).toBeNull();
    expect(ratesAt({ model: model("gemini-2.5-pro"), at, serviceTier: "priority" })).toBeNull();
  });

  it("are the default ones for what means the usual", () => {
    const usual = ratesAt({ model: model("gpt-5.4"), at: now });
    expect(ratesAt({ model: model("gpt-5.4"), at: now, serviceTier: "auto" })).toEqual(usual);
    expect(ratesAt({ model: model("gpt-5.4"), at: now, serviceTier: "default" })).toEqual(usual);
    const opus = ratesAt({ model: model("claude-opus-5"), at: now });
    expect(
      ratesAt({
        model: model("claude-opus-5"),
        at: now,
        serviceTier: "standard_only",
        speed: "standard",
        inferenceGeo: "global",
      }),
    ).toEqual(opus);
  });

  it("scale every token rate, tiers too, and no other unit", () => {
    const fast = ratesAt({ model: model("gpt-6.1-sol"), at: now, serviceTier: "priority" });
    expect(fast).toMatchObject({
      input: 4_000_000_000,
      cacheWrite1h: 10_000_000_000,
      perCall: { webSearch: 10_000_000 },
    });
    expect(fast?.tiers?.[0]).toMatchObject({ aboveInputTokens: 272_000, output: 30_000_000_000 });
    expect(ratesAt({ model: model("claude-opus-5"), at: now, inferenceGeo: "us" })).toMatchObject({
      input: 5_500_000_000,
      cacheRead: 550_000_000,
      perCall: { webSearch: 10_000_000 },
    });
  });
});
