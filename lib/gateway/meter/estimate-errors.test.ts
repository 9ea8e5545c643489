import { expect, test } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import { emptyScan } from "../body-scan/schema";
import { estimateUsage } from "./estimate";
import { estimateErrors } from "./estimate-errors";
import { canceledClaudeCases, recordedCallCases } from "./fixtures/claude-cases";
import { chatCases, embeddingCases } from "./fixtures/estimate-cases";
import { createUsageReader } from "./reader";
import { countTokens } from "./tokens";

const all = async (...args: Parameters<typeof estimateErrors>) =>
  (await estimateErrors(...args)).find(({ group }) => group === "all");

test.each(["input", "output", "total"] as const)(
  "chat streams without usage are estimated within 3 percent: %s",
  async (side) => {
    const errors = await all(chatCases(320), side);
    expect(errors?.median).toBeGreaterThan(0.97);
    expect(errors?.median).toBeLessThan(1.03);
    expect(errors?.p95).toBeLessThan(1.1);
    expect(errors?.sum).toBeGreaterThan(0.97);
    expect(errors?.sum).toBeLessThan(1.03);
  },
  60_000,
);

test("canceled Claude streams are estimated within 10 percent in the median, in every group", async () => {
  for (const { group, median, cases } of await estimateErrors(canceledClaudeCases(720), "output")) {
    const tolerance = group === "all" ? 0.1 : 0.16;
    expect(Math.abs(median - 1), `${group} of ${cases}: ${median}`).toBeLessThan(tolerance);
  }
}, 60_000);

test("recorded calls of tools are estimated within 20 percent", async () => {
  for (const recordedCase of recordedCallCases()) {
    const [errors] = await estimateErrors([recordedCase], "output");
    expect(Math.abs((errors?.median ?? 0) - 1), recordedCase.model).toBeLessThan(0.2);
  }
});

test("batches of embeddings are estimated by their texts", async () => {
  const errors = await all(embeddingCases(100), "input");
  expect(Math.abs((errors?.median ?? 0) - 1)).toBeLessThan(0.1);
});

test("100 short texts at gemini-embedding-001 are about the 450 tokens that Google counts", async () => {
  const phrases = ["red wool scarf", "blue rain coat", "left glove, lost", "tram ticket, zone 2"];
  const model = "models/gemini-embedding-001";
  const requests = Array.from({ length: 100 }, (_, i) => ({
    model,
    content: { parts: [{ text: phrases[i % phrases.length] }] },
    taskType: "RETRIEVAL_DOCUMENT",
  }));
  const [errors] = await estimateErrors(
    [
      {
        group: "embeddings",
        model: "gemini-embedding-001",
        stream: "",
        endpoint: "gemini.batchEmbedContents",
        request: { requests },
        truth: { input: 450, output: 0 },
      },
    ],
    "input",
  );
  expect(Math.abs((errors?.median ?? 0) - 1)).toBeLessThan(0.1);
});

/** A stream of a model whose usage was not stated, canceled some time after it was sent. */
async function canceled(input: {
  id: string;
  endpoint: "messages" | "chat.completions";
  stream: string;
  silentMs?: number;
  reasoning?: boolean | null;
}) {
  const { id, endpoint, stream, silentMs = 0, reasoning = null } = input;
  const model = findModel(id);
  if (!model) throw new Error(id);
  const { provider } = model;
  const reader = createUsageReader({ endpoint, provider, contentType: "text/event-stream" });
  if (stream !== "") reader.push(Buffer.from(stream));
  const scan = { ...emptyScan(100), stream: true, reasoning };
  return estimateUsage({ model, endpoint, scan, reader, startedAt: performance.now() - silentMs });
}

const claude = (events: object[]) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
const text = (content: string) => ({
  type: "content_block_delta",
  delta: { type: "text_delta", text: content },
});
const start = {
  type: "message_start",
  message: { usage: { input_tokens: 8, output_tokens: 1 } },
};

test("reasoning is charged only where the request asks for it", async () => {
  const silent = { stream: claude([start, text("Hello there")]), silentMs: 2_000 };
  const haiku = { id: "claude-haiku-4-5-20251001", endpoint: "messages" as const, ...silent };
  const plain = await canceled(haiku);
  expect(plain).toMatchObject({ input: 8, reasoning: 0 });
  expect(plain.output).toBeLessThanOrEqual(3);
  expect((await canceled({ ...haiku, reasoning: false })).reasoning).toBe(0);
  expect((await canceled({ ...haiku, reasoning: true })).reasoning).toBeGreaterThan(100);
  const chat = {
    endpoint: "chat.completions" as const,
    silentMs: 6_000,
    stream: `data: ${JSON.stringify({ choices: [{ delta: { content: "Hi" } }] })}\n\n`,
  };
  for (const [id, reasoning, isCharged] of [
    ["gpt-5.4", false, false],
    ["gpt-5.4", null, false],
    ["gpt-5.4", true, true],
    ["gpt-5", null, true],
    ["gpt-4o", true, false],
  ] as const)
    expect((await canceled({ ...chat, id, reasoning })).reasoning > 0, `${id} ${reasoning}`).toBe(
      isCharged,
    );
});

test("a large piece after many small ones is counted to its last character", async () => {
  const word = (content: string) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", choices: [{ index: 0, delta: { content } }] })}\n\n`;
  const large = "The quick brown fox jumps over the lazy dog. ".repeat(2_237);
  const { output } = await canceled({
    id: "gpt-4o",
    endpoint: "chat.completions",
    stream: word("fox ").repeat(600) + word(large),
  });
  const exact = (await countTokens("fox ".repeat(600) + large)) ?? 0;
  expect(output / exact).toBeGreaterThan(0.9);
  // The head is words of four letters, the rest is prose with longer ones.
  expect(output / exact).toBeLessThan(1.15);
});

test("names of called tools are counted with their arguments", async () => {
  const call = (delta: object) =>
    `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [{ index: 0, function: delta }] } }] })}\n\n`;
  const name = "find_all_orders_of_a_customer_by_their_mail_address";
  const withName = await canceled({
    id: "gpt-4o",
    endpoint: "chat.completions",
    stream: call({ name, arguments: "" }) + call({ arguments: '{"mail":"a@example.com"}' }),
  });
  const exact = (await countTokens([name, '{"mail":"a@example.com"}'])) ?? 0;
  expect(withName.output).toBeGreaterThanOrEqual(exact - 1);
});
