import { expect, test } from "vitest";
import { hasRisen, isDearer } from "./price-rise";
import { resolveModel, ratesAt } from "./queries";
import type { Rates } from "./schema";

const at = (instant: string) => new Date(instant);

function risen(id: string, since: string, now: string, serviceTier?: string): boolean {
  const resolution = resolveModel(id, at(now));
  if (resolution.kind !== "offered") throw new Error(`${id} is not offered`);
  const rates = ratesAt({ model: resolution.model, at: at(now), serviceTier });
  if (!rates) throw new Error(`${id} has no price`);
  return hasRisen({ id, rates, since: at(since), serviceTier });
}

test("a price has risen when it is above the one in force then", () => {
  expect(risen("gemini-4-argon", "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z")).toBe(true);
  expect(risen("gemini-4-argon", "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z", "flex")).toBe(
    true,
  );
  expect(risen("gemini-4-argon", "2026-12-01T00:00:00Z", "2027-06-01T00:00:00Z")).toBe(false);
  expect(risen("gpt-6-luna", "2026-11-30T00:00:00Z", "2027-02-01T00:00:00Z")).toBe(false);
  // A price that fell has not risen.
  expect(risen("claude-sonnet-5-5", "2026-10-01T00:00:00Z", "2026-10-06T00:00:00Z")).toBe(false);
  // The alias goes by the model that it names, and one that had no price then cannot have risen.
  expect(risen("gemini-flash-latest", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z")).toBe(true);
  expect(risen("gemini-4-neon", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")).toBe(false);
});

test("a redirect is a rise when the model that serves costs more in any unit", () => {
  // 1.25 in and 10 out become 0.75 and 3.75.
  expect(risen("gemini-2.5-pro", "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z")).toBe(false);
  // From January it is 1.5 in: more than 1.25.
  expect(risen("gemini-2.5-pro", "2026-11-30T00:00:00Z", "2027-01-01T00:00:00Z")).toBe(true);
});

const base: Rates = { input: 10, output: 10, cacheRead: 5, cacheWrite5m: 10, cacheWrite1h: 10 };
const tier = { ...base, aboveInputTokens: 100, input: 20 };

test.each<[string, Rates, Rates, boolean]>([
  ["the same", base, base, false],
  ["a dearer cache", { ...base, cacheRead: 6 }, base, true],
  ["cheaper in, dearer out", { ...base, input: 1, output: 11 }, base, true],
  ["a price for long requests that was not there", { ...base, tiers: [tier] }, base, true],
  ["one that is gone", base, { ...base, tiers: [tier] }, false],
  [
    "one that begins later",
    { ...base, tiers: [{ ...tier, aboveInputTokens: 200 }] },
    { ...base, tiers: [tier] },
    false,
  ],
  [
    "one that begins earlier",
    { ...base, tiers: [tier] },
    { ...base, tiers: [{ ...tier, aboveInputTokens: 200 }] },
    true,
  ],
  ["audio that was billed as text", { ...base, inputAudio: 11 }, base, true],
  ["audio as dear as the text was", { ...base, inputAudio: 10 }, base, false],
  ["an image", { ...base, perImage: 2 }, { ...base, perImage: 1 }, true],
  [
    "a search",
    { ...base, perCall: { webSearch: 2 } },
    { ...base, perCall: { webSearch: 1 } },
    true,
  ],
])("%s", (_, now, before, dearer) => {
  expect(isDearer(now, before)).toBe(dearer);
});
