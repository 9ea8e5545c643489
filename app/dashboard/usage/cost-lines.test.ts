import { expect, test } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { findModel, listModels, ratesAt } from "@/lib/catalog/queries";
import { NO_TOKENS, type TokenCounts, type UsageRow } from "@/lib/usage/schema";
import { costLines } from "./cost-lines";

const at = new Date("2026-11-29T12:00:00Z");

function rowOf(model: string, tokens: Partial<TokenCounts>, cost: number): UsageRow {
  return {
    _id: "req_1",
    accountId: "usr_1",
    projectId: "prj_1",
    at,
    model,
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat.completions",
    stream: true,
    status: 200,
    endedBy: "complete",
    tokens: { ...NO_TOKENS, ...tokens },
    cost,
    free: false,
    latencyMs: 900,
    firstByteMs: 100,
    usageSource: "provider",
  };
}

const TOKENS = { ...NO_TOKENS, input: 847, cacheRead: 12_480, cacheWrite5m: 1_920, output: 1_203 };

test("the lines of every text model total the cost that the gateway charges", () => {
  const models = listModels(at).filter(({ kind }) => kind === "text");
  expect(models.length).toBeGreaterThan(30);
  for (const model of models) {
    const rates = ratesAt({ model, at });
    if (!rates) throw new Error(`${model.id} has no price.`);
    const sum = costLines(rowOf(model.id, TOKENS, costOf({ rates, usage: TOKENS })));
    expect(sum, model.id).toMatchObject({ other: 0, isExact: true, condition: null });
    expect(sum?.lines.map(({ kind, count }) => [kind, count])).toEqual([
      ["input", 847],
      ["cacheRead", 12_480],
      ["cacheWrite5m", 1_920],
      ["output", 1_203],
    ]);
  }
});

test("a row of a dearer service tier is explained by that tier", () => {
  const model = findModel("gpt-6.2-sol", at);
  const rates = model && ratesAt({ model, at, serviceTier: "priority" });
  if (!rates) throw new Error("The model has no priority tier.");
  const sum = costLines(rowOf("gpt-6.2-sol", TOKENS, costOf({ rates, usage: TOKENS })));
  expect(sum).toMatchObject({ condition: "priority service tier", other: 0, isExact: true });
});

test("a long input is priced by its tier, which is named", () => {
  const usage = { ...NO_TOKENS, input: 300_000, output: 10 };
  const model = findModel("gpt-6.2-sol", at);
  const rates = model && ratesAt({ model, at });
  if (!rates) throw new Error("The model has no price.");
  const sum = costLines(rowOf("gpt-6.2-sol", usage, costOf({ rates, usage })));
  expect(sum).toMatchObject({ aboveInputTokens: 272_000, other: 0, isExact: true });
  expect(sum?.lines[0]?.rate).toBe(4_000_000_000);
});

test("what tokens do not explain is a separate line, and a row that cost less is not exact", () => {
  const model = findModel("gpt-4o-mini", at);
  const rates = model && ratesAt({ model, at });
  if (!rates) throw new Error("The model has no price.");
  const cost = costOf({ rates, usage: TOKENS });
  expect(costLines(rowOf("gpt-4o-mini", TOKENS, cost + 10_000_000))).toMatchObject({
    other: 10_000_000,
    isExact: true,
  });
  expect(costLines(rowOf("gpt-4o-mini", TOKENS, 1))).toMatchObject({ isExact: false });
  expect(costLines(rowOf("no-such-model", TOKENS, cost))).toBeNull();
});
