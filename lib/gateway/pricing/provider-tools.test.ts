// Longer than 300 lines: tables of tools, one for each way to price them.

import { expect, test } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { NO_USAGE } from "@/lib/catalog/schema";
import { ENDPOINTS, findRoute, type Endpoint } from "../request/endpoints";
import { quoteCall } from "./quote";
import { scanBody } from "../body-scan";

const at = new Date("2026-11-24T12:00:00Z");

function endpointOf(path: string): { endpoint: Endpoint; pathModel?: string } {
  const target = findRoute("POST", path, "openai");
  if (target.kind !== "forward") throw new Error(`${path} forwards nothing`);
  return {
    endpoint: target.endpoint,
    ...(target.model === undefined ? {} : { pathModel: target.model }),
  };
}

async function quote(path: string, body: Record<string, unknown>) {
  const { endpoint, ...pathModel } = endpointOf(path);
  const bytes = Buffer.from(JSON.stringify(body));
  const scan = await scanBody({
    endpoint: endpoint.name,
    body: bytes,
    contentType: "application/json",
    ...pathModel,
  });
  return quoteCall({ scan, endpoint, at });
}

const gemini = (model: string) => `/v1beta/models/${model}:generateContent`;
const [responses, messages, chat] = ["/v1/responses", "/v1/messages", "/v1/chat/completions"];
const tool = (type: string, fields = {}) => ({ tools: [{ type, ...fields }] });

const UNPRICED: [string, string, Record<string, unknown>][] = [
  [
    "a code interpreter's container",
    responses,
    { model: "gpt-6-luna", ...tool("code_interpreter", { container: { type: "auto" } }) },
  ],
  ["an image tool in chat", chat, { model: "gpt-6-luna", ...tool("image_generation") }],
  [
    "an image tool that writes SVG",
    responses,
    { model: "gpt-6-luna", ...tool("image_generation", { output_format: "svg" }) },
  ],
  [
    "an image tool that names another model for SVG",
    responses,
    { model: "gpt-6-luna", ...tool("image_generation", { svg: { model: "gpt-6-astra" } }) },
  ],
  [
    "two image tools",
    responses,
    { model: "gpt-6-luna", tools: [{ type: "image_generation" }, { type: "image_generation" }] },
  ],
  [
    "an image tool with a model that draws nothing",
    responses,
    { model: "gpt-6-luna", ...tool("image_generation", { model: "gpt-6-astra" }) },
  ],
  [
    "a shell in a container",
    responses,
    { model: "gpt-6-luna", ...tool("shell", { environment: { type: "container_auto" } }) },
  ],
  [
    "a search at a model without a price for it",
    gemini("gemini-3.1-flash-lite-image"),
    { tools: [{ googleSearch: {} }] },
  ],
  [
    "a search in chat completions, which count none",
    chat,
    { model: "gpt-4o", web_search_options: {} },
  ],
  ["live search at xAI", chat, { model: "grok-4.3", search_parameters: { mode: "on" } }],
  [
    "code execution without the search that frees it",
    messages,
    { model: "claude-opus-5", max_tokens: 9, ...tool("code_execution_20260521") },
  ],
  ["maps", gemini("gemini-3.5-flash"), { tools: [{ googleMaps: {} }] }],
  ["a search at Vertex", gemini("gemini-3.5-flash"), { tools: [{ enterpriseWebSearch: {} }] }],
  [
    "a tool of Google's that nobody knows yet",
    gemini("gemini-3.5-flash"),
    { tools: [{ telepathy: {} }] },
  ],
  [
    "a tool that nobody knows yet",
    messages,
    { model: "claude-opus-5", max_tokens: 9, ...tool("telepathy_20270101") },
  ],
];

test.each(UNPRICED)(
  "a tool without a price is refused, never a zero: %s",
  async (_, path, body) => {
    const input =
      path === responses
        ? { input: "hi" }
        : path.startsWith("/v1beta")
          ? { contents: [] }
          : { messages: [] };
    await expect(quote(path, { ...body, ...input })).rejects.toMatchObject({
      code: "bad_request",
      param: "tools",
    });
  },
);

/** Ten calls and what they find are held in addition to the tokens, at this many nano-credits a call. */
const PRICED: [string, string, Record<string, unknown>, string, number][] = [
  [
    "OpenAI's search",
    responses,
    { model: "gpt-6-luna", ...tool("web_search") },
    "webSearch",
    10_000_000,
  ],
  [
    "the preview at a model that reasons",
    responses,
    { model: "gpt-5", ...tool("web_search_preview_2025_03_11") },
    "webSearch",
    10_000_000,
  ],
  [
    "the preview at a model that does not reason",
    responses,
    { model: "gpt-4.1", ...tool("web_search_preview") },
    "webSearch",
    25_000_000,
  ],
  [
    "the search at the same model",
    responses,
    { model: "gpt-4.1", ...tool("web_search") },
    "webSearch",
    10_000_000,
  ],
  [
    "Anthropic's search",
    messages,
    { model: "claude-opus-5", max_tokens: 9, ...tool("web_search_20250305") },
    "webSearch",
    10_000_000,
  ],
  [
    "Google's search, by query",
    gemini("gemini-3.5-flash"),
    { tools: [{ googleSearch: {} }] },
    "webSearch",
    14_000_000,
  ],
  [
    "Google's search, by prompt",
    gemini("gemini-2.5-flash"),
    { tools: [{ google_search: {} }] },
    "groundedPrompt",
    35_000_000,
  ],
  ["xAI's posts", responses, { model: "grok-4.3", ...tool("x_search") }, "xSearch", 5_000_000],
  [
    "xAI's code",
    responses,
    { model: "grok-4.3", ...tool("code_interpreter") },
    "codeExecution",
    5_000_000,
  ],
];

test.each(PRICED)("a tool with a price is held for: %s", async (_, path, body, unit, price) => {
  const plain = await quote(path, { ...body, tools: [] });
  const { maxCost, rates } = await quote(path, body);
  expect(rates.perCall?.[unit]).toBe(price);
  // In addition to the calls: after each, what was sent, the tool's definition and all that was found are read again, at the
  // dearest input rate; so much input may make the output dearer too, at most twice as dear.
  const sentTokens = JSON.stringify(body).length + 1_000;
  const read = 11 * sentTokens + 55 * 8_000;
  const upperBound =
    2 * plain.maxCost + 10 * price + costOf({ rates, usage: { ...NO_USAGE, cacheWrite1h: read } });
  expect(maxCost).toBeGreaterThanOrEqual(plain.maxCost + 10 * price);
  expect(maxCost).toBeLessThanOrEqual(upperBound);
});

test.each([
  ["gpt-4o-mini", undefined, "web_search", 10_000_000 + 8_000 * 150],
  ["gpt-4o-mini", "priority", "web_search", 10_000_000 + 8_000 * 250],
  ["gpt-4.1-mini", undefined, "web_search", 10_000_000 + 8_000 * 400],
  ["gpt-4.1-mini", undefined, "web_search_preview", 25_000_000],
  ["gpt-4.1", undefined, "web_search", 10_000_000],
])(
  "a search at %s (tier %s) by %s costs %s nano-credits a call",
  async (model, tier, type, price) => {
    const body = { model, input: "hi", tools: [{ type }], ...(tier ? { service_tier: tier } : {}) };
    const { served: priceOf } = await quote(responses, body);
    const usage = { ...NO_USAGE, calls: { webSearch: 2 } };
    expect(priceOf(usage).cost).toBe(2 * price);
  },
);

test.each(["web_search", "web_search_preview"])(
  "a search whose price has not changed since a price guard was set does not trigger it: %s",
  async (type) => {
    const { roseSince } = await quote(responses, {
      model: "gpt-4.1-mini",
      input: "hi",
      ...tool(type),
    });
    expect(roseSince(at.getTime() - 86_400_000)).toBe(false);
  },
);

const FREE: [string, string, Record<string, unknown>][] = [
  [
    "functions",
    responses,
    { model: "gpt-6-luna", tools: [{ type: "function", name: "f", parameters: {} }] },
  ],
  [
    "a shell of the caller's",
    responses,
    { model: "gpt-6-luna", ...tool("shell", { environment: { type: "local" } }) },
  ],
  [
    "a remote MCP server",
    responses,
    { model: "gpt-6-luna", ...tool("mcp", { server_label: "a", server_url: "https://a.example" }) },
  ],
  [
    "a computer of the caller's",
    messages,
    { model: "claude-opus-5", max_tokens: 9, ...tool("computer_20251124") },
  ],
  ["a fetch", messages, { model: "claude-opus-5", max_tokens: 9, ...tool("web_fetch_20260318") }],
  [
    "code execution next to the fetch that frees it",
    messages,
    {
      model: "claude-opus-5",
      max_tokens: 9,
      tools: [{ type: "web_fetch_20260209" }, { type: "code_execution_20260521" }],
    },
  ],
  ["Google's code", gemini("gemini-3.5-flash"), { tools: [{ codeExecution: {}, urlContext: {} }] }],
];

test.each(FREE)("a tool that costs only its tokens passes: %s", async (_, path, body) => {
  expect((await quote(path, body)).maxCost).toBeGreaterThan(0);
});

test("the rates of another tier than the requested one are known, with the request's speed and region", async () => {
  const priority = await quote(responses, {
    model: "gpt-6-luna",
    service_tier: "priority",
    input: "hi",
  });
  expect(priority.rates.output).toBe(1_000_000_000);
  expect(priority.ratesServed("default")?.output).toBe(500_000_000);
  expect(priority.ratesServed("unheard-of")).toBeNull();
  const fast = await quote(messages, {
    model: "claude-opus-5",
    max_tokens: 9,
    speed: "fast",
    messages: [],
  });
  expect(fast.ratesServed("standard")).toEqual(fast.rates);
});

test("every endpoint that forwards is found by its path", () => {
  for (const path of Object.keys(ENDPOINTS))
    expect(endpointOf(path).endpoint).toBe(ENDPOINTS[path]);
});

test("an image tool is held for by what its model can read and put out, each time", async () => {
  const plain = await quote(responses, { model: "gpt-6-luna", input: "hi", max_output_tokens: 9 });
  const body = { model: "gpt-6-luna", input: "hi", max_output_tokens: 9, max_tool_calls: 2 };
  const { maxCost, tools } = await quote(responses, { ...body, ...tool("image_generation") });
  expect(tools?.drawing).toMatchObject({ model: { id: "gpt-image-2.6-sunburst" }, uses: 2 });
  // 2 x (32,768 x 8,000 + 16,384 x 30,000), and three readings of the prompt and what the calls put in.
  const drawn = 2 * (32_768 * 8_000 + 16_384 * 30_000);
  expect(maxCost).toBeGreaterThan(plain.maxCost + drawn);
  expect(maxCost).toBeLessThan(plain.maxCost + drawn + 40_000 * 250);
  const namedFields = await quote(responses, {
    ...body,
    input: "hi",
    ...tool("image_generation", { model: "gpt-image-2" }),
  });
  expect(namedFields.tools?.drawing?.model.id).toBe("gpt-image-2");
  await expect(
    quote(responses, { ...body, ...tool("image_generation", { model: "gpt-image-1" }) }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("a model that always searches is held for one search, whether or not it is asked to", async () => {
  const body = { model: "gpt-5-search-api", messages: [], max_completion_tokens: 9 };
  const { tools, maxCost } = await quote(chat, body);
  expect(tools?.calls).toEqual({ webSearch: 1 });
  expect(maxCost).toBeGreaterThan(10_000_000);
  const askedQuote = await quote(chat, {
    ...body,
    web_search_options: { search_context_size: "low" },
  });
  expect(askedQuote.tools?.calls).toEqual({ webSearch: 1 });
});
test.each(["gpt-6-luna", "grok-4.7"])(
  "a namespace of %s only groups tools, each of which counts by its own type",
  async (model) => {
    const functions = {
      type: "namespace",
      name: "functions",
      tools: [{ type: "custom", name: "exec" }],
    };
    const item = { type: "additional_tools", role: "developer", tools: [functions] };
    const plain = await quote(responses, { model, input: "hi", tools: [functions] });
    expect(plain.tools).toBeNull();
    expect((await quote(responses, { model, input: [item] })).tools).toBeNull();
    const search = { ...functions, tools: [{ type: "web_search" }] };
    expect((await quote(responses, { model, input: "hi", tools: [search] })).tools).not.toBeNull();
  },
);
