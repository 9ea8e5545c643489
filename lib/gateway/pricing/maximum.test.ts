import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { listModels } from "@/lib/catalog/queries";
import { NO_USAGE, type Usage } from "@/lib/catalog/schema";
import { findRoute } from "../request/endpoints";
import { scanBody } from "../body-scan";
import { quoteCall } from "./quote";
import { FOUND_TOKENS } from "./provider-tools";

const at = new Date("2026-11-24T12:00:00Z");
const RUNS = Number(
  process.env.ONEKEY_TEST_RUNS ?? (process.env.ONEKEY_TEST_LONG ? 200_000 : 3_000),
);

const models = listModels().filter(
  ({ kind, id }) => kind === "text" && !id.includes("multi-agent"),
);
const IMAGE = Buffer.alloc(600, 7).toString("base64");

/** A request of each provider's own dialect, and the bounds that it sets by itself. */
const requests = fc.record({
  model: fc.constantFrom(...models),
  limit: fc.option(fc.integer({ min: 1, max: 200_000 })),
  choices: fc.integer({ min: 1, max: 8 }),
  text: fc.string({ maxLength: 400 }),
  image: fc.boolean(),
  search: fc.boolean(),
  maxUses: fc.option(fc.integer({ min: 0, max: 80 })),
  maxToolCalls: fc.option(fc.integer({ min: 0, max: 80 })),
  tier: fc.constantFrom(undefined, "flex", "priority", "fast"),
  cached: fc.constantFrom("none", "short", "long"),
});
type RequestPlan = typeof requests extends fc.Arbitrary<infer T> ? T : never;

const cacheControl = (cached: string) =>
  cached === "none"
    ? {}
    : { cache_control: { type: "ephemeral", ttl: cached === "long" ? "1h" : "5m" } };

function bodyOf(plan: RequestPlan): { path: string; body: Record<string, unknown> } {
  const { model, limit, choices, text, image, search, maxUses, maxToolCalls, tier, cached } = plan;
  switch (model.provider) {
    case "anthropic": {
      const picture = {
        type: "image",
        source: { type: "base64", media_type: "image/png", data: IMAGE },
      };
      const uses = maxUses === null ? {} : { max_uses: maxUses };
      return {
        path: "/v1/messages",
        body: {
          ...{ model: model.id, max_tokens: limit ?? model.maxOutput },
          messages: [
            {
              role: "user",
              content: [
                { type: "text", text, ...cacheControl(cached) },
                ...(image ? [picture] : []),
              ],
            },
          ],
          ...(search ? { tools: [{ type: "web_search_20250305", name: "s", ...uses }] } : {}),
        },
      };
    }
    case "google":
      return {
        path: `/v1beta/models/${model.id}:generateContent`,
        body: {
          contents: [{ parts: [{ text }] }],
          generationConfig: {
            candidateCount: choices,
            ...(limit === null ? {} : { maxOutputTokens: limit }),
          },
        },
      };
    default:
      return {
        path: model.endpoints.includes("responses") ? "/v1/responses" : "/v1/chat/completions",
        body: {
          model: model.id,
          ...(model.endpoints.includes("responses")
            ? {
                input: text,
                ...(limit === null ? {} : { max_output_tokens: limit }),
                ...(search ? { tools: [{ type: "web_search" }] } : {}),
                ...(maxToolCalls === null ? {} : { max_tool_calls: maxToolCalls }),
                ...(cached === "long" ? { prompt_cache_options: { ttl: "12h" } } : {}),
              }
            : { messages: [{ role: "user", content: text }], n: choices }),
          ...(tier === undefined ? {} : { service_tier: tier }),
        },
      };
  }
}

async function quoteOf(plan: RequestPlan) {
  const { path, body } = bodyOf(plan);
  const target = findRoute("POST", path, "openai");
  if (target.kind !== "forward") throw new Error(path);
  const { endpoint, model } = target;
  const bytes = Buffer.from(JSON.stringify(body));
  const scan = await scanBody({
    ...{ endpoint: endpoint.name, body: bytes, contentType: "application/json" },
    ...(model === undefined ? {} : { pathModel: model }),
  });
  return { quote: quoteCall({ scan, endpoint, at }), scan, bytes: bytes.length };
}

/** How an adversary splits what it may use, each from 0 to 1. */
const shares = fc.record({
  calls: fc.double({ min: 0, max: 1, noNaN: true }),
  found: fc.double({ min: 0, max: 1, noNaN: true }),
  output: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom("input", "cacheRead", "cacheWrite"),
});

test("no usage within a request's own bounds costs more than is held", async () => {
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(requests, shares, async (plan, share) => {
      const quoted = await quoteOf(plan).catch(() => null);
      if (quoted === null) return;
      checked++;
      const { quote, scan, bytes } = quoted;
      const { model } = quote;
      // What the request itself allows: its limit, its calls, the text, and what each call finds.
      const outputMax = model.maxOutputUnstreamed ?? model.maxOutput;
      const limit = Math.min(scan.outputLimit ?? outputMax, outputMax);
      const bound = model.provider === "anthropic" ? plan.maxUses : plan.maxToolCalls;
      const callsMax = scan.tools.length > 0 ? (bound ?? 10) : 0;
      const calls = Math.floor(callsMax * share.calls);
      const rounds = model.provider === "anthropic" ? Math.min(calls, 10) : calls;
      let input = bytes;
      for (let round = 1; round <= rounds; round++) {
        const found = Math.floor((calls - rounds + round) * FOUND_TOKENS * share.found);
        input += Math.min(bytes + found, model.maxInput);
      }
      const written = scan.longCache || scan.cacheControl.isLong ? "cacheWrite1h" : "cacheWrite5m";
      const canWrite = model.provider !== "anthropic" || scan.cacheControl.isMarked;
      const kind = share.kind === "cacheWrite" ? (canWrite ? written : "input") : share.kind;
      const units: Record<string, number> = quote.rates.perCall?.webSearch
        ? { webSearch: calls }
        : {};
      const usage: Usage = {
        ...NO_USAGE,
        [kind]: Math.min(input, model.maxInput * (rounds + 1)),
        output: Math.floor(limit * scan.choices * share.output),
        calls: units,
      };
      expect(costOf({ rates: quote.rates, usage })).toBeLessThanOrEqual(quote.maxCost);
      expect(quote.served(usage).cost).toBeLessThanOrEqual(quote.maxCost);
      expect(quote.expectedCost).toBeLessThanOrEqual(quote.maxCost);
    }),
    { numRuns: RUNS },
  );
  expect(checked).toBeGreaterThan(RUNS / 4);
}, 1_200_000);

test.each([
  ["fewer", 2],
  ["as many as usual", 10],
  ["more", 60],
])("the client's own bound of a tool's calls is held for: %s", async (_, maxUses) => {
  const model = models.find(({ id }) => id === "claude-haiku-5-5");
  if (!model) throw new Error("no model");
  const plan: RequestPlan = {
    ...{ model, limit: 100, choices: 1, text: "hi", image: false, search: true, maxUses },
    ...{ maxToolCalls: null, tier: undefined, cached: "none" },
  };
  const { quote } = await quoteOf(plan);
  const searches = maxUses * (quote.rates.perCall?.webSearch ?? 0);
  expect(quote.maxCost).toBeGreaterThan(searches);
  const { quote: plain } = await quoteOf({ ...plan, search: false });
  const found = costOf({
    rates: quote.rates,
    usage: { ...NO_USAGE, input: 11 * Math.min(maxUses * FOUND_TOKENS + 2_000, model.context) },
  });
  expect(quote.maxCost).toBeLessThanOrEqual(plain.maxCost * 2 + searches + found);
});

test("a limit above the model's own maximum is held for as the maximum", async () => {
  const model = models.find(({ id }) => id === "gemini-3.8-flash");
  if (!model) throw new Error("no model");
  const plan: RequestPlan = {
    ...{ model, choices: 1, text: "hi", image: false, search: false, maxUses: null },
    ...{ maxToolCalls: null, tier: undefined, cached: "none", limit: 1_048_576 },
  };
  const { quote } = await quoteOf(plan);
  const { quote: atMaximum } = await quoteOf({ ...plan, limit: model.maxOutput });
  // The larger number is two bytes longer.
  expect(quote.maxCost / atMaximum.maxCost).toBeCloseTo(1, 3);
});
