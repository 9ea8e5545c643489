// Longer than 300 lines: the tests of one file, by its functions.

import { describe, expect, it } from "vitest";
import {
  findModel,
  isOffered,
  listKnownModels,
  listModels,
  nearestModelIds,
  ratesAt,
  resolveModel,
} from "./queries";

const now = new Date("2026-11-24T12:00:00Z");
const model = (id: string) => {
  const knownModel = findModel(id, now);
  if (!knownModel) throw new Error(`no model ${id}`);
  return knownModel;
};
const day = (date: string) => new Date(`${date}T00:00:00Z`);

describe("the catalog", () => {
  it("offers at least 60 models, over four providers", () => {
    expect(listModels(now).length).toBeGreaterThanOrEqual(60);
    expect(new Set(listModels(now).map(({ provider }) => provider)).size).toBe(4);
  });

  it("prices every model above zero, or says that it is free", () => {
    for (const model of listModels(now)) {
      const rates = ratesAt({ model: model, at: now });
      const highestRate = Math.max(
        0,
        ...Object.values(rates ?? {}).map((rate) => (typeof rate === "number" ? rate : 0)),
      );
      if (model.free) expect(highestRate, model.id).toBe(0);
      else expect(highestRate, model.id).toBeGreaterThan(0);
      if (model.kind === "text")
        expect(
          Math.min(
            rates?.input ?? 0,
            rates?.output ?? 0,
            rates?.cacheRead ?? 0,
            rates?.cacheWrite5m ?? 0,
            rates?.cacheWrite1h ?? 0,
          ),
          model.id,
        ).toBeGreaterThan(0);
    }
  });

  it("has a limit and an endpoint for each model, and prices from its release on", () => {
    for (const {
      id,
      endpoints,
      prices,
      context,
      maxInput,
      maxOutput,
      outputBudget,
      released: releaseDay,
    } of listKnownModels()) {
      expect(endpoints.length, id).toBeGreaterThan(0);
      expect(maxInput, id).toBeLessThanOrEqual(context);
      expect(maxOutput, id).toBeLessThanOrEqual(Math.max(context, 16_384));
      expect(outputBudget ?? Infinity, id).toBeGreaterThan(maxOutput);
      expect(prices[0]?.from, id).toBe(releaseDay);
    }
  });

  it("never makes a long request, or a longer cache, cheaper", () => {
    for (const { id, prices } of listKnownModels()) {
      for (const { rates } of prices) {
        for (const tier of [rates, ...(rates.tiers ?? [])]) {
          expect(tier.cacheRead, id).toBeLessThanOrEqual(tier.input);
          expect(tier.cacheWrite1h, id).toBeGreaterThanOrEqual(tier.cacheWrite5m);
          expect(tier.input, id).toBeGreaterThanOrEqual(rates.input);
        }
      }
    }
  });
});

/** Dates on which the list changes, and the day of the test run. */
const CHANGES = [
  ...new Set(
    listKnownModels().flatMap(({ released: releaseDay, retires }) => [
      releaseDay,
      ...(retires ? [retires] : []),
    ]),
  ),
].map(day);
const DAYS = [new Date(), ...CHANGES];

describe("retirement", () => {
  it("ends an offer at midnight UTC of its day", () => {
    expect(isOffered(model("gpt-4o"), new Date("2027-01-13T23:59:59.999Z"))).toBe(true);
    expect(isOffered(model("gpt-4o"), day("2027-01-14"))).toBe(false);
    expect(isOffered(model("gemini-4-neon"), new Date("2026-11-17T23:59:59.999Z"))).toBe(false);
  });

  it("keeps no model past its day on offer", () => {
    for (const at of DAYS)
      for (const { id, retires = "9999-12-31" } of listModels(at))
        expect(retires > at.toISOString().slice(0, 10), `${id} on ${at.toISOString()}`).toBe(true);
  });

  it("names what replaces a model that ends within 30 days of today", () => {
    const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const ending = listKnownModels().filter(
      ({ retires }) => retires !== undefined && retires <= soon,
    );
    expect(ending.filter(({ replacedBy }) => replacedBy === undefined).map(({ id }) => id)).toEqual(
      [],
    );
  });

  it("leads to a model that is on offer when the other ends", () => {
    for (const { id, retires, replacedBy } of listKnownModels()) {
      if (retires === undefined) continue;
      const replacement = replacedBy === undefined ? null : findModel(replacedBy);
      expect(
        replacement && isOffered(replacement, day(retires < "2026-11-30" ? "2026-11-30" : retires)),
        id,
      ).toBe(true);
    }
  });

  it("answers a request with the day and the replacement, also for ids that were never offered here", () => {
    const resolutionOf = (id: string, at: Date) => resolveModel(id, at);
    expect(resolutionOf("gpt-image-1", now)).toEqual({
      kind: "retired",
      id: "gpt-image-1",
      retired: "2026-10-23",
      replacedBy: "gpt-image-2.5-sunburst",
    });
    expect(resolutionOf("claude-sonnet-4-5", day("2026-11-30"))).toMatchObject({
      kind: "retired",
      retired: "2026-11-30",
      replacedBy: "claude-sonnet-5-5",
    });
    expect(resolutionOf("claude-opus-4-1-20250805", now)).toMatchObject({
      kind: "retired",
      retired: "2026-08-05",
    });
    expect(resolutionOf("gpt-3.5-turbo", now)).toMatchObject({
      kind: "retired",
      replacedBy: "gpt-6-luna",
    });
  });

  it("follows a provider's redirect that is billed as the other model, and no other", () => {
    const [before, after] = [new Date("2026-11-30T23:59:59.999Z"), day("2026-12-01")];
    expect(resolveModel("gemini-2.5-pro", before)).toMatchObject({
      model: { id: "gemini-2.5-pro" },
    });
    expect(resolveModel("gemini-2.5-pro", after)).toMatchObject({
      model: { id: "gemini-3.8-flash" },
    });
    expect(resolveModel("gemini-2.5-flash", after)).toMatchObject({
      model: { id: "gemini-3.5-flash-lite" },
    });
    expect(resolveModel("grok-imagine-image-pro", now)).toMatchObject({
      model: { id: "grok-imagine-image-2.0" },
      quality: "low",
    });
    // Its page says which model serves, not which price is asked: the response decides.
    expect(resolveModel("gemini-3.5-flash", now)).toMatchObject({
      model: { id: "gemini-3.5-flash" },
    });
    expect(listModels(after).map(({ id }) => id)).not.toContain("gemini-2.5-pro");
  });
});

describe("finding a model", () => {
  it("takes aliases, dated ids, and an alias from the day it moved", () => {
    expect(model("claude-haiku-4-5").id).toBe("claude-haiku-4-5-20251001");
    expect(model("gpt-4o-2024-08-06").id).toBe("gpt-4o");
    expect(model("gemini-flash-latest").id).toBe("gemini-3.8-flash");
    expect(findModel("gemini-flash-latest", day("2026-09-01"))).toBeNull();
    expect(model("gemini-3.1-pro-preview-customtools").id).toBe("gemini-3.1-pro-preview");
    expect(model("grok-4.20-reasoning-latest").id).toBe("grok-4.20-0309-reasoning");
  });

  it("takes an id only as its provider does: a prefix leads to the plain id", () => {
    const prefixedIds: [string, string][] = [
      ["openai/gpt-4.1-mini", "gpt-4.1-mini"],
      ["models/gemini-3.8-flash", "gemini-3.8-flash"],
      ["openrouter/anthropic/claude-haiku-4-5", "claude-haiku-4-5"],
      ["google/gemini-3.8-flash", "gemini-3.8-flash"],
      ["xai/grok-4.7", "grok-4.7"],
      ["openai/grok-4.7", "grok-4.7"],
    ];
    for (const [id, plain] of prefixedIds) {
      expect(findModel(id, now), id).toBeNull();
      expect(resolveModel(id, now), id).toEqual({ kind: "prefixed", plain });
    }
  });

  it("does not find the names of an object's own properties, or nothing", () => {
    for (const id of [
      "",
      "/",
      "__proto__",
      "constructor",
      "openai/toString",
      "openai/gpt-image-1",
    ]) {
      expect(findModel(id, now), id).toBeNull();
      expect(resolveModel(id, now), id).toEqual({ kind: "unknown" });
    }
  });

  it("names the nearest ids that are on offer", () => {
    expect(nearestModelIds("gpt-5.4-mimi", { at: now })[0]).toBe("gpt-5.4-mini");
    expect(nearestModelIds("openai/gpt4o", { at: now })[0]).toBe("gpt-4o");
    expect(nearestModelIds("gpt4o", { at: day("2027-02-01") })).not.toContain("gpt-4o");
    expect(nearestModelIds("claude-sonet-5", { at: now })).toHaveLength(3);
    expect(nearestModelIds("x".repeat(100_000), { at: now })).toEqual([]);
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
    const argon = model("gemini-4-argon");
    expect(ratesAt({ model: argon, at: new Date("2026-11-30T23:59:59.999Z") })?.output).toBe(
      10_000_000_000,
    );
    expect(ratesAt({ model: argon, at: day("2026-12-01") })?.output).toBe(20_000_000_000);
    expect(ratesAt({ model: argon, at: day("2026-12-01"), serviceTier: "priority" })?.input).toBe(
      7_200_000_000,
    );
  });

  it("of an image go by its quality and resolution, and by the default of each", () => {
    const image = model("grok-imagine-image-2.0");
    const perImage = (imageQuery: { quality?: string; resolution?: string }) =>
      ratesAt({ model: image, at: now, ...imageQuery })?.perImage;
    expect(perImage({})).toBe(60_000_000);
    expect(perImage({ quality: "low" })).toBe(40_000_000);
    expect(perImage({ quality: "low", resolution: "2k" })).toBe(60_000_000);
    expect(perImage({ resolution: "2k" })).toBe(80_000_000);
    expect(perImage({ quality: "high" })).toBeUndefined();
    expect(
      ratesAt({ model: model("grok-imagine-image"), at: now, quality: "high" })?.perImage,
    ).toBe(20_000_000);
  });

  it("of a 12-hour cache write are 2.5 times input at GPT-5.6 and GPT-6", () => {
    for (const model of listModels(now).filter(({ id }) => /^gpt-(5\.6|6)/.test(id))) {
      const rates = ratesAt({ model: model, at: now });
      expect(rates?.cacheWrite1h, model.id).toBe((rates?.input ?? 0) * 2.5);
      expect(rates?.cacheWrite5m, model.id).toBe((rates?.input ?? 0) * 1.25);
    }
  });

  it("are null for a tier, a speed or a place without a price", () => {
    const at = now;
    expect(ratesAt({ model: model("gpt-4o"), at, serviceTier: "scale" })).toBeNull();
    expect(ratesAt({ model: model("gpt-4o"), at, serviceTier: "constructor" })).toBeNull();
    expect(ratesAt({ model: model("gpt-5.4"), at, speed: "fast" })).toBeNull();
    expect(ratesAt({ model: model("claude-sonnet-5"), at, speed: "fast" })).toBeNull();
    expect(ratesAt({ model: model("claude-haiku-4-5"), at, inferenceGeo: "us" })).toBeNull();
    expect(ratesAt({ model: model("claude-opus-5"), at, inferenceGeo: "eu" })).toBeNull();
    expect(
      ratesAt({ model: model("gemini-embedding-001"), at, serviceTier: "priority" }),
    ).toBeNull();
    expect(ratesAt({ model: model("gpt-6.2-sol"), at, serviceTier: "flex" })).toBeNull();
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
