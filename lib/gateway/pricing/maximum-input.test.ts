import { expect, test } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { NO_USAGE } from "@/lib/catalog/schema";
import { scanBody } from "../body-scan";
import { findRoute } from "../request/endpoints";
import { quoteCall } from "./quote";

const at = new Date("2026-11-24T12:00:00Z");
const [chat, responses, messages] = ["/v1/chat/completions", "/v1/responses", "/v1/messages"];

async function quote(path: string, body: Record<string, unknown>) {
  const target = findRoute("POST", path, "openai");
  if (target.kind !== "forward") throw new Error(`${path} forwards nothing`);
  const { endpoint, model } = target;
  const scan = await scanBody({
    endpoint: endpoint.name,
    body: Buffer.from(JSON.stringify(body)),
    contentType: "application/json",
    ...(model === undefined ? {} : { pathModel: model }),
  });
  return quoteCall({ scan, endpoint, at });
}

const user = (content: unknown) => [{ role: "user", content }];
const claude = (text: string, fields: object = {}) => ({
  model: "claude-opus-5-5",
  max_tokens: 1_000,
  messages: user(text),
  ...fields,
});
const compact = { context_management: { edits: [{ type: "compact_20260112" }] } };
const longText = "word ".repeat(12_000);

test.each([
  ["by an edit of the context", messages, claude(longText), compact],
  ["by a field of the request", messages, claude(longText), { compaction: { type: "summarize" } }],
  [
    "at OpenAI",
    responses,
    { model: "gpt-6-luna", max_output_tokens: 1_000, input: "hi" },
    { context_management: [{ type: "compaction", compact_threshold: 1_000 }] },
  ],
])("the summary of a compaction is held for: %s", async (_, path, body, fields) => {
  const plain = await quote(path, body);
  const compacting = await quote(path, { ...body, ...fields });
  expect(compacting.maxCost / plain.maxCost).toBeGreaterThanOrEqual(2);
  expect(compacting.maxCost / plain.maxCost).toBeLessThan(2.1);
});

test("a prompt below the smallest trigger, or another edit, holds no summary", async () => {
  const clear = { context_management: { edits: [{ type: "clear_tool_uses_20250919" }] } };
  const [short, shortPlain] = [
    await quote(messages, claude("hi", compact)),
    await quote(messages, claude("hi")),
  ];
  expect(short.maxCost / shortPlain.maxCost).toBeLessThan(1.1);
  const [long, longPlain] = [
    await quote(messages, claude(longText, clear)),
    await quote(messages, claude(longText)),
  ];
  expect(long.maxCost / longPlain.maxCost).toBeLessThan(1.1);
});

test.each([
  ["as a text", longText],
  ["in parts", [{ type: "text", text: longText }]],
])("the rejected tokens of a predicted output are held for: %s", async (_, content) => {
  const body = { model: "gpt-4.1", max_tokens: 10, messages: user("hi") };
  const { maxCost, rates } = await quote(chat, {
    ...body,
    prediction: { type: "content", content },
  });
  const rejectedCost = costOf({ rates, usage: { ...NO_USAGE, output: longText.length } });
  expect(maxCost).toBeGreaterThanOrEqual(rejectedCost);
});

test("what is written before a bounded tool's call is read again after it", async () => {
  const tools = [{ type: "web_search_20250305", name: "web_search", max_uses: 2 }];
  const [smallLimit, largeLimit] = [10_000, 30_000];
  const costWith = async (limit: number, fields: object) =>
    (await quote(messages, claude("hi", { max_tokens: limit, ...fields }))).maxCost;
  const plainGrowth = (await costWith(largeLimit, {})) - (await costWith(smallLimit, {}));
  const growth = (await costWith(largeLimit, { tools })) - (await costWith(smallLimit, { tools }));
  const { rates } = await quote(messages, claude("hi"));
  const readAgain = costOf({ rates, usage: { ...NO_USAGE, input: 2 * (largeLimit - smallLimit) } });
  expect(growth - plainGrowth).toBe(readAgain);
});

const gemini = "/v1beta/models/gemini-3.8-flash:generateContent";
test.each([
  [
    "a search at OpenAI",
    responses,
    { model: "gpt-6-luna", input: "hi", tools: [{ type: "web_search" }] },
    true,
  ],
  [
    "a search at xAI",
    responses,
    { model: "grok-4.3", input: "hi", tools: [{ type: "web_search" }] },
    true,
  ],
  ["a search at Google", gemini, { contents: [], tools: [{ googleSearch: {} }] }, true],
  ["code at Google", gemini, { contents: [], tools: [{ codeExecution: {} }] }, true],
  [
    "a bounded search",
    responses,
    { model: "gpt-6-luna", input: "hi", tools: [{ type: "web_search" }], max_tool_calls: 3 },
    false,
  ],
  [
    "a search at Anthropic, which bounds rounds",
    messages,
    claude("hi", { tools: [{ type: "web_search_20250305" }] }),
    false,
  ],
  ["a computer of the caller", gemini, { contents: [], tools: [{ computerUse: {} }] }, false],
])(
  "a tool without a bound by client or provider is unbounded: %s",
  async (_, path, body, isUnbounded) => {
    expect((await quote(path, body)).isUnbounded).toBe(isUnbounded);
  },
);

test("images by URL are held for at the most that the model bills them by", async () => {
  const images = (count: number) => ({
    model: "gpt-4o-mini",
    max_tokens: 10,
    messages: user(
      Array.from({ length: count }, () => ({
        type: "image_url",
        image_url: { url: "https://images.example/a.png" },
      })),
    ),
  });
  const { maxCost, rates } = await quote(chat, images(10));
  const billedCost = costOf({ rates, usage: { ...NO_USAGE, input: 10 * (2_833 + 8 * 5_667) } });
  expect(maxCost).toBeGreaterThanOrEqual(billedCost);
  const otherModel = await quote(chat, { ...images(1), model: "gpt-4.1" });
  expect(otherModel.maxCost).toBeLessThan(
    costOf({ rates: otherModel.rates, usage: { ...NO_USAGE, input: 20_000 } }),
  );
});

test("a document full of images is held for beyond the window where images are billed beyond it", async () => {
  const { maxCost, rates, model } = await quote(chat, {
    model: "gpt-4o-mini",
    max_tokens: 10,
    messages: user([{ type: "file", file: { file_data: "data:application/pdf;base64,JVBERi0=" } }]),
  });
  const pages = Math.floor(model.context / (85 + 170));
  const billedCost = costOf({ rates, usage: { ...NO_USAGE, input: pages * (2_833 + 5_667) } });
  expect(maxCost).toBeGreaterThanOrEqual(billedCost);
});
