import { expect, test } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { NO_USAGE } from "@/lib/catalog/schema";
import { quote } from "./quote-body";

const [chat, responses, messages, embeddings] = [
  "/v1/chat/completions",
  "/v1/responses",
  "/v1/messages",
  "/v1/embeddings",
];
const gemini = (action: string, model = "gemini-3-flash-preview") =>
  `/v1beta/models/${model}:${action}`;

/** What a request costs that fills a model's context window. */
const fullContextCost = ({ rates, model }: Awaited<ReturnType<typeof quote>>) =>
  costOf({ rates, usage: { ...NO_USAGE, input: model.context } });

const pdf = Buffer.alloc(3_000, 7).toString("base64");
const FILLED: [string, string, Record<string, unknown>][] = [
  [
    "the turns of an earlier response",
    responses,
    { model: "gpt-6-luna", max_output_tokens: 16, input: "hi", previous_response_id: "resp_1" },
  ],
  [
    "the same, compacted",
    "/v1/responses/compact",
    { model: "gpt-6-luna", input: [], previous_response_id: "resp_1" },
  ],
  [
    "an item of an earlier response",
    responses,
    {
      model: "gpt-6-luna",
      max_output_tokens: 16,
      input: [{ type: "item_reference", id: "msg_1" }],
    },
  ],
  [
    "a small packed document",
    messages,
    {
      model: "claude-opus-5",
      max_tokens: 16,
      messages: [
        {
          role: "user",
          content: [
            {
              type: "document",
              source: { type: "base64", media_type: "application/pdf", data: pdf },
            },
          ],
        },
      ],
    },
  ],
  [
    "the same in a response",
    responses,
    {
      model: "gpt-6-luna",
      max_output_tokens: 16,
      input: [
        {
          role: "user",
          content: [{ type: "input_file", file_data: `data:application/pdf;base64,${pdf}` }],
        },
      ],
    },
  ],
  [
    "a short file of hours of silence",
    gemini("generateContent"),
    {
      contents: [{ parts: [{ inlineData: { mimeType: "audio/flac", data: pdf } }] }],
      generationConfig: { maxOutputTokens: 16 },
    },
  ],
  [
    "addresses that Google opens",
    gemini("generateContent"),
    { contents: [], tools: [{ urlContext: {} }], generationConfig: { maxOutputTokens: 16 } },
  ],
  [
    "pages that Anthropic opens",
    messages,
    {
      model: "claude-opus-5",
      max_tokens: 16,
      messages: [],
      tools: [{ type: "web_fetch_20260318" }],
    },
  ],
  [
    "what another's server says",
    responses,
    {
      model: "gpt-6-luna",
      max_output_tokens: 16,
      input: "hi",
      tools: [{ type: "mcp", server_label: "a", server_url: "https://a.example" }],
    },
  ],
  [
    "the same by the older field of Anthropic's",
    messages,
    {
      model: "claude-opus-5",
      max_tokens: 16,
      messages: [],
      mcp_servers: [{ type: "url", name: "a", url: "https://a.example" }],
    },
  ],
];

test.each(FILLED)(
  "what fills the context window at the provider is held for: %s",
  async (_, path, body) => {
    const quotation = await quote(path, body);
    expect(quotation.maxCost).toBeGreaterThanOrEqual(fullContextCost(quotation));
    // A small balance still serves it: what it usually costs is computed from what was sent.
    expect(quotation.expectedCost).toBeLessThan(quotation.maxCost / 10);
  },
);

test("a limit that leaves thought out, as that of xAI's chat does, is not what is held for", async () => {
  const body = { messages: [{ role: "user", content: "hi" }], max_completion_tokens: 1 };
  for (const id of ["grok-4.7", "grok-4.3"]) {
    const { rates, model, maxCost, expectedCost, outputThatFits } = await quote(chat, {
      model: id,
      ...body,
    });
    expect(maxCost).toBeGreaterThanOrEqual(
      costOf({ rates, usage: { ...NO_USAGE, output: model.maxOutput } }),
    );
    expect(expectedCost).toBeLessThan(maxCost / 2);
    expect(outputThatFits(maxCost / 2)).toBe(0);
  }
  const plain = await quote(chat, { model: "grok-4.20-0309-non-reasoning", ...body });
  const response = await quote(responses, { model: "grok-4.7", input: "hi", max_output_tokens: 1 });
  for (const quotation of [plain, response])
    expect(quotation.maxCost).toBeLessThan(
      costOf({ rates: quotation.rates, usage: { ...NO_USAGE, output: 1_000 } }),
    );
});

test("a model that is sixteen agents and one that leads them is held for all of them", async () => {
  const input = "hello ".repeat(1_000);
  const { rates, model, maxCost, expectedCost } = await quote(responses, {
    model: "grok-4.20-multi-agent-0309",
    input,
    max_output_tokens: 1,
    reasoning: { effort: "high" },
  });
  const all = { ...NO_USAGE, input: 17 * input.length, output: 17 * model.maxOutput };
  expect(maxCost).toBeGreaterThanOrEqual(costOf({ rates, usage: all }));
  expect(expectedCost).toBeLessThan(maxCost / 2);
});

test("what a search finds is held for in addition to what was sent", async () => {
  const body = { model: "gpt-6-luna", max_output_tokens: 16, input: "hi" };
  const [plain, searching] = [
    await quote(responses, body),
    await quote(responses, { ...body, tools: [{ type: "web_search" }] }),
  ];
  const calls = 10 * (plain.rates.perCall?.webSearch ?? 0);
  const target = costOf({ rates: plain.rates, usage: { ...NO_USAGE, input: 80_000 } });
  expect(searching.maxCost).toBeGreaterThanOrEqual(plain.maxCost + calls + target);
  expect(searching.maxCost).toBeLessThan(fullContextCost(plain) * 2);
});

test("a provider reads the prompt again after each call of its tools, and all of that is held for", async () => {
  const input = "a ".repeat(50_000);
  const { rates, maxCost, expectedCost } = await quote(responses, {
    model: "gpt-6-luna",
    max_output_tokens: 16,
    input,
    tools: [{ type: "web_search" }],
  });
  expect(maxCost).toBeGreaterThanOrEqual(
    costOf({ rates, usage: { ...NO_USAGE, input: 11 * input.length } }),
  );
  // Of the expectedCost cost the calls are the most.
  expect(expectedCost).toBeLessThan(maxCost / 5);
});

test("tools that the caller runs put nothing in", async () => {
  const body = { model: "claude-opus-5", max_tokens: 16, messages: [] };
  const callerQuote = await quote(messages, {
    ...body,
    tools: [{ type: "computer_20251124" }, { name: "f", input_schema: {} }],
  });
  expect(callerQuote.maxCost).toBeLessThan(fullContextCost(callerQuote) / 100);
});

test("what a provider writes out for a tool that it defines is held for", async () => {
  const toolDefinition = {
    type: "computer_20251124",
    name: "computer",
    display_width_px: 8,
    display_height_px: 8,
  };
  const { rates, maxCost } = await quote(messages, {
    model: "claude-opus-5",
    max_tokens: 1,
    messages: [{ role: "user", content: "hi" }],
    tools: [toolDefinition],
  });
  // Its guide names 735 for the tool, some 500 for what is said of it, and 346 for tools as such.
  expect(maxCost).toBeGreaterThanOrEqual(
    costOf({ rates, usage: { ...NO_USAGE, input: 735 + 500 + 346 } }),
  );
});

test.each([
  [
    "OpenAI's",
    embeddings,
    {
      model: "text-embedding-3-large",
      input: Array.from({ length: 20 }, () => "a ".repeat(4_000)),
    },
    100_000,
  ],
  [
    "Google's",
    gemini("batchEmbedContents", "gemini-embedding-001"),
    {
      requests: Array.from({ length: 20 }, () => ({
        model: "models/gemini-embedding-001",
        content: { parts: [{ text: "a ".repeat(1_000) }] },
      })),
    },
    20_000,
  ],
])(
  "a batch of embeddings is held for by all its texts, not by the longest one: %s",
  async (_, path, body, tokens) => {
    const quotation = await quote(path, body);
    expect(quotation.maxCost).toBeGreaterThanOrEqual(
      costOf({ rates: quotation.rates, usage: { ...NO_USAGE, input: tokens } }),
    );
    const largest = await quote(path, {
      ...body,
      ...("input" in body ? { input: "a".repeat(2_000_000) } : {}),
    });
    expect(largest.maxCost).toBeLessThanOrEqual(
      costOf({ rates: quotation.rates, usage: { ...NO_USAGE, input: 300_000 } }),
    );
  },
);

test("an output limit above what one response may have is held for as one response", async () => {
  const contents = [{ role: "user", parts: [{ text: "hi" }] }];
  const budget = { contents, generationConfig: { maxOutputTokens: 1_000_000 } };
  const stream = await quote(gemini("streamGenerateContent", "gemini-4-neon"), budget);
  expect(stream.maxCost).toBeLessThan(66_000 * 15_000);
  expect(stream.maxCost).toBeGreaterThanOrEqual(65_536 * 15_000);
  const plainQuote = await quote(gemini("generateContent", "gemini-4-neon"), budget);
  expect(plainQuote.maxCost).toBeLessThan(33_000 * 15_000);
  expect(plainQuote.maxCost).toBeGreaterThanOrEqual(32_768 * 15_000);
});

test("without a limit of the client, the model's published maximum is held for", async () => {
  const sonnet = await quote(messages, {
    model: "claude-sonnet-4-6",
    max_tokens: 128_000,
    messages: [],
  });
  expect(sonnet.maxCost).toBeGreaterThanOrEqual(128_000 * 15_000);
  const grok = await quote(responses, { model: "grok-4.20", input: "hi" });
  expect(grok.maxCost).toBeGreaterThanOrEqual(1_000_000 * 2_500);
});

test("input is bounded by what a request may have of the window", async () => {
  const fullCost = await quote(responses, {
    model: "gpt-5.2",
    max_output_tokens: 16,
    input: "hi",
    previous_response_id: "r",
  });
  expect(fullCost.maxCost).toBeLessThan(280_000 * 1_750 + 16 * 14_000);
});
