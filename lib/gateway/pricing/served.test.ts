import { expect, test } from "vitest";
import { findModel, ratesAt } from "@/lib/catalog/queries";
import { NO_USAGE, type Usage } from "@/lib/catalog/schema";
import { createUsageReader } from "../meter/reader";
import type { Endpoint } from "../request/endpoints";
import { priceServed, type ServedFacts } from "./served";

const at = new Date("2026-11-24T12:00:00Z");

function priceOf({
  model: id,
  usage,
  ...requestFields
}: {
  model: string;
  usage: Usage;
  serviceTier?: string;
  speed?: string;
  inferenceGeo?: string;
}) {
  const model = findModel(id);
  if (!model) throw new Error(`There is no model ${id}.`);
  const ratesFor = (facts: ServedFacts) => ratesAt({ ...requestFields, model, at, ...facts });
  const rates = ratesFor({});
  if (!rates) throw new Error(`There is no price for ${id}.`);
  return priceServed({ model, at, rates, ratesFor }, usage);
}

/** The usage of a response in one piece, as a provider sends it. */
function read(
  endpoint: Endpoint["name"],
  provider: "openai" | "anthropic" | "google" | "xai",
  response: unknown,
  longCache = false,
): Usage {
  const reader = createUsageReader({
    endpoint,
    provider,
    contentType: "application/json",
    longCache,
  });
  reader.push(Buffer.from(JSON.stringify(response)));
  reader.end();
  const usage = reader.usage();
  if (!usage) throw new Error("no usage");
  return usage;
}

const thousand = { ...NO_USAGE, input: 1_000, output: 1_000 };
const tokenCounts = { input_tokens: 1_000, output_tokens: 1_000 };

test.each([
  ["speed", { speed: "fast" }, { speed: "standard" }, 24_000_000],
  ["region", { inferenceGeo: "us" }, { inference_geo: "global" }, 24_000_000],
  ["speed as asked", { speed: "fast" }, { speed: "fast" }, 48_000_000],
  [
    "region without a price",
    { inferenceGeo: "us" },
    { inference_geo: "not_available" },
    26_400_000,
  ],
  [
    "speed, with a region without a price",
    { speed: "fast", inferenceGeo: "us" },
    { speed: "standard", inference_geo: "moon" },
    26_400_000,
  ],
])("what was served cheaper is charged as served: %s", (_, requestFields, servedFacts, cost) => {
  const usage = read("messages", "anthropic", { usage: { ...tokenCounts, ...servedFacts } });
  expect(priceOf({ model: "claude-opus-5-5", usage, ...requestFields }).cost).toBe(cost);
});

test("a tier, speed or region at a higher price than was asked for changes nothing", () => {
  for (const fact of [{ speed: "fast" }, { inferenceGeo: "us" }])
    expect(priceOf({ model: "claude-opus-5-5", usage: { ...thousand, ...fact } }).cost).toBe(
      24_000_000,
    );
  const usage = { ...thousand, serviceTier: "priority" };
  expect(priceOf({ model: "gpt-6-luna", usage }).cost).toBe(
    priceOf({ model: "gpt-6-luna", usage: thousand }).cost,
  );
});

test("a request that a cheaper model served is charged at that model's price, and says so", () => {
  const usage = read("gemini.generateContent", "google", {
    modelVersion: "gemini-3.8-flash",
    usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 1_000, totalTokenCount: 2_000 },
  });
  const { cost, servedModel } = priceOf({ model: "gemini-2.5-pro", usage });
  expect(servedModel?.id).toBe("gemini-3.8-flash");
  expect(cost).toBe(priceOf({ model: "gemini-3.8-flash", usage: thousand }).cost);
  expect(cost).toBeLessThan(priceOf({ model: "gemini-2.5-pro", usage: thousand }).cost);
});

test.each([
  ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", false],
  ["gpt-4o-mini", "gpt-4o-mini-2031-01-01", false],
  ["gpt-4o-mini", "gpt-99-unheard-of", true],
  ["gpt-4o-mini", "claude-opus-5-5", true],
])("%s that states %s is charged as asked", (model, servedFacts, isModelUnknown) => {
  const price = priceOf({ model, usage: { ...thousand, model: servedFacts } });
  expect(price).toEqual({
    cost: priceOf({ model, usage: thousand }).cost,
    servedModel: null,
    isModelUnknown,
  });
});

test("a redeemed fallback credit bills what was written to the cache as read", () => {
  const usage = read("messages", "anthropic", {
    usage: {
      input_tokens: 10,
      cache_creation_input_tokens: 100_000,
      output_tokens: 10,
      fallback_credit: { status: { type: "redeemed" } },
    },
  });
  expect(priceOf({ model: "claude-fable-5-1", usage }).cost).toBe(25_600_000);
  const expiredUsage = read("messages", "anthropic", {
    usage: {
      input_tokens: 10,
      cache_creation_input_tokens: 100_000,
      output_tokens: 10,
      fallback_credit: { status: { type: "expired" } },
    },
  });
  expect(priceOf({ model: "claude-fable-5-1", usage: expiredUsage }).cost).toBe(1_250_600_000);
});

test("iterations of another model are charged at that model's rates", () => {
  const usage = read("messages", "anthropic", {
    usage: {
      input_tokens: 400,
      output_tokens: 200,
      iterations: [
        { type: "message", input_tokens: 400, output_tokens: 200 },
        {
          type: "advisor_message",
          model: "claude-fable-5-1",
          input_tokens: 50_000,
          output_tokens: 4_000,
        },
      ],
    },
  });
  expect(priceOf({ model: "claude-haiku-5-5", usage }).cost).toBe(700_140_000);
});

const input = { input_tokens: 2_000, output_tokens: 0 };
test.each([
  [{ ttl_12h_tokens: 400, ttl_30m_tokens: 600 }, true, 5_500_000],
  [{ ttl_12h_tokens: 400, ttl_30m_tokens: 600 }, false, 5_500_000],
  [{ ttl_12h_tokens: 0, ttl_30m_tokens: 1_000 }, true, 4_500_000],
  [{ ttl_12h_tokens: 1_000, ttl_30m_tokens: 0 }, false, 7_000_000],
  [undefined, true, 7_000_000],
  [undefined, false, 4_500_000],
])("cache writes %j with the long cache asked for: %s", (lifetimes, longCache, cost) => {
  const usage = read(
    "responses",
    "openai",
    {
      usage: {
        ...input,
        input_tokens_details: {
          cached_tokens: 0,
          cache_write_tokens: 1_000,
          ...(lifetimes ? { cache_write_tokens_details: lifetimes } : {}),
        },
      },
    },
    longCache,
  );
  expect(priceOf({ model: "gpt-6-sol", usage }).cost).toBe(cost);
});

test.each([
  ["left out", { completion_tokens: 100, total_tokens: 1_400 }, 400],
  ["left out, without a total", { completion_tokens: 100 }, 400],
  ["included", { completion_tokens: 400, total_tokens: 1_400 }, 400],
])("xAI's reasoning that is %s of the completion is charged once", (_, counts, output) => {
  const usage = read("chat.completions", "xai", {
    usage: {
      prompt_tokens: 1_000,
      ...counts,
      completion_tokens_details: { reasoning_tokens: 300 },
    },
  });
  expect(usage).toMatchObject({ output, reasoning: 300 });
});

test("searches are charged by the number that OpenAI says it bills", () => {
  const call = (id: string) => ({ type: "web_search_call", id, action: { type: "search" } });
  const response = (fields: object) =>
    read("responses", "openai", { output: [call("a"), call("b")], usage: input, ...fields });
  expect(response({}).calls).toEqual({ webSearch: 2 });
  expect(response({ tool_usage: { web_search: { num_requests: 1 } } }).calls).toEqual({
    webSearch: 1,
  });
  expect(response({ tool_usage: { web_search: { num_requests: 0 } } }).calls ?? {}).toEqual({});
});
