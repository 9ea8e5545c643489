import { describe, expect, it } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import { estimate } from "./estimate-request";
import { data, namedEvent } from "./fixtures/fixture";
import { createUsageReader } from "./reader";
import { countTokens } from "./tokens";

const chatOf = (body: string, contentType = "text/event-stream") => {
  const reader = createUsageReader({
    endpoint: "chat.completions",
    provider: "openai",
    contentType,
  });
  if (body !== "") reader.push(Buffer.from(body));
  return reader;
};

const words = "The quick brown fox jumps over the lazy dog. ";
const deltas = (times: number) =>
  data({ choices: [{ delta: { content: words } }], usage: null }).repeat(times);

describe("an estimate", () => {
  it("is the provider's own figures where they came", async () => {
    const reader = chatOf(data({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }));
    expect(await estimate({ id: "gpt-4o", endpoint: "chat.completions", reader })).toMatchObject({
      input: 3,
      output: 4,
    });
  });

  it("counts the text that was passed on", async () => {
    const usage = await estimate({
      id: "gpt-4o",
      endpoint: "chat.completions",
      reader: chatOf(deltas(20)),
    });
    const exact = await countTokens(words.repeat(20));
    expect(usage.input).toBe(100);
    expect(usage.reasoning).toBe(0);
    expect(usage.output).toBeGreaterThanOrEqual((exact ?? 0) * 0.98);
    expect(usage.output).toBeLessThanOrEqual((exact ?? 0) * 1.05);
  });

  it.each([
    ["a function of the older kind", { function_call: { arguments: words } }],
    ["a custom tool", { tool_calls: [{ index: 0, custom: { input: words } }] }],
    ["a function", { tool_calls: [{ index: 0, function: { arguments: words } }] }],
  ])("counts what the model wrote for %s", async (_, delta) => {
    const reader = chatOf(data({ choices: [{ delta }], usage: null }).repeat(20));
    const usage = await estimate({ id: "gpt-4o", endpoint: "chat.completions", reader });
    expect(usage.output).toBeGreaterThanOrEqual(
      ((await countTokens(words.repeat(20))) ?? 0) * 0.98,
    );
  });

  it("charges the reasoning of every choice", async () => {
    const one = {
      id: "gpt-5",
      endpoint: "chat.completions" as const,
      startedAt: performance.now() - 10_000,
    };
    const single = await estimate({ ...one, reader: chatOf(deltas(1)) });
    const eight = await estimate({ ...one, reader: chatOf(deltas(1)), choices: 8 });
    expect(eight.reasoning).toBeGreaterThanOrEqual(single.reasoning * 8);
  });

  it("extends the head of a long response to the rest", async () => {
    const reader = chatOf("");
    for (let index = 0; index < 4_000; index++) reader.push(Buffer.from(deltas(1)));
    const usage = await estimate({ id: "gpt-4o", endpoint: "chat.completions", reader });
    expect(reader.sample().length).toBeLessThan(40_000);
    expect(usage.output / 40_000).toBeGreaterThan(0.95);
    expect(usage.output / 40_000).toBeLessThan(1.08);
  });

  it("charges a reasoning model for the silence before its first token", async () => {
    const model = findModel("gpt-5");
    const silent = await estimate({
      id: "gpt-5",
      endpoint: "chat.completions",
      reader: chatOf(deltas(1)),
      startedAt: performance.now() - 10_000,
    });
    expect(silent.reasoning).toBeGreaterThanOrEqual(9.9 * (model?.tokensPerSecond ?? 0));
    expect(silent.output).toBeGreaterThan(silent.reasoning);
    const nothing = await estimate({
      id: "gpt-5",
      endpoint: "chat.completions",
      reader: chatOf(""),
      startedAt: performance.now() - 5_000,
    });
    expect(nothing.reasoning).toBeGreaterThanOrEqual(4.9 * (model?.tokensPerSecond ?? 0));
    const plain = await estimate({
      id: "gpt-4o",
      endpoint: "chat.completions",
      reader: chatOf(""),
      startedAt: performance.now() - 5_000,
    });
    expect(plain.output).toBe(0);
  });

  it("charges a response in one piece, whose client left before it, for the time of its writing", async () => {
    const request = {
      id: "gpt-4.1",
      endpoint: "chat.completions" as const,
      startedAt: performance.now() - 10_000,
    };
    const model = findModel("gpt-4.1");
    const fullUsage = await estimate({ ...request, reader: chatOf("", "") });
    expect(fullUsage.output).toBeGreaterThanOrEqual(9.9 * (model?.tokensPerSecond ?? Infinity));
    expect(fullUsage.reasoning).toBe(0);
    // Before its first token a stream of such a model has nothing.
    expect((await estimate({ ...request, reader: chatOf("", ""), stream: true })).output).toBe(0);
  });

  it("keeps the input that Anthropic stated at the start", async () => {
    const reader = createUsageReader({
      endpoint: "messages",
      provider: "anthropic",
      contentType: "text/event-stream",
    });
    reader.push(
      Buffer.from(
        namedEvent({
          type: "message_start",
          message: { usage: { input_tokens: 25, cache_read_input_tokens: 700, output_tokens: 1 } },
        }),
      ),
    );
    reader.push(
      Buffer.from(
        namedEvent({ type: "content_block_delta", delta: { type: "text_delta", text: words } }),
      ),
    );
    const usage = await estimate({ id: "claude-haiku-4-5", endpoint: "messages", reader });
    expect(usage).toMatchObject({ input: 25, cacheRead: 700 });
    expect(usage.output).toBeGreaterThanOrEqual(10);
  });

  it("reads the text of an interrupted response in one piece", async () => {
    const reader = chatOf(
      '{"choices":[{"message":{"content":"The quick brown fox jumps over the lazy \\u00',
      "application/json",
    );
    const usage = await estimate({ id: "gpt-4o", endpoint: "chat.completions", reader });
    expect(usage.output).toBeGreaterThanOrEqual(7);
    expect(usage.output).toBeLessThanOrEqual(11);
  });

  it("looks at the request where it is given", async () => {
    const body = Buffer.from(
      JSON.stringify({ messages: [{ role: "user", content: "日本語の文章です。".repeat(50) }] }),
    );
    const plain = await estimate({
      id: "gpt-4o",
      endpoint: "chat.completions",
      reader: chatOf(""),
      textBytes: body.length,
    });
    const usage = await estimate({
      id: "gpt-4o",
      endpoint: "chat.completions",
      reader: chatOf(""),
      textBytes: body.length,
      body,
    });
    expect(usage.input).not.toBe(plain.input);
    // Its text, its role, what frames a message and what primes the response; no JSON syntax.
    const exact = (await countTokens(["日本語の文章です。".repeat(50), "user"])) ?? 0;
    expect(usage.input).toBe(exact + 3 + 3);
  });

  it.each([
    [{ size: "1024x1536", quality: "high" }, 6_240],
    [{ size: "1024x1024" }, 4_160],
    [{ size: "auto", quality: "auto" }, 4_160],
    [{ size: "1024x1024", quality: "medium" }, 1_056],
    [{ size: "1024x1024", quality: "low" }, 272],
    [{ size: "2048x2048", quality: "high" }, 16_384],
    [{ size: "99999999x99999999", quality: "high" }, 16_384],
  ])("estimates an image by the requested size and quality: %o", async (imageFields, tokens) => {
    const reader = createUsageReader({
      endpoint: "images.generations",
      provider: "openai",
      contentType: "",
    });
    const usage = await estimate({
      id: "gpt-image-2",
      endpoint: "images.generations",
      reader,
      drawn: imageFields,
      choices: 2,
    });
    expect(usage).toMatchObject({ images: 2, outputImage: 2 * tokens });
  });

  const spoken = "and so we went on. ".repeat(2_000);
  const cue = (second: number) =>
    `${second}\n00:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")},000 --> x\n\n`;
  it.each([
    ["closely compressed audio", "text/plain", spoken, 2_000_000, 2_533_000],
    ["uncompressed audio", "text/plain", spoken, 400_000_000, 2_533_000],
    ["one in Chinese", "text/plain", "我们就这样继续走下去".repeat(1_000), 2_000_000, 2_000_000],
    [
      "a response in JSON",
      "application/json",
      JSON.stringify({ text: spoken }),
      2_000_000,
      2_533_000,
    ],
    [
      "subtitles",
      "text/plain",
      Array.from({ length: 1_801 }, (_, n) => cue(n)).join(""),
      2_000_000,
      1_800_000,
    ],
    ["a long silence", "text/plain", ".", 57_600_000, 300_000],
    ["few words for so many bytes", "text/plain", spoken, 2_000, 2_667],
  ])(
    "takes the length of audio from its transcript: %s",
    async (_, contentType, text, soundBytes, expectedMs) => {
      const reader = createUsageReader({
        endpoint: "audio.transcriptions",
        provider: "openai",
        contentType,
      });
      reader.push(Buffer.from(text));
      reader.end();
      const { milliseconds = 0 } = await estimate({
        id: "whisper-1",
        endpoint: "audio.transcriptions",
        reader,
        soundBytes,
      });
      expect(milliseconds / expectedMs).toBeGreaterThan(0.95);
      expect(milliseconds / expectedMs).toBeLessThan(1.05);
    },
  );

  it.each([
    [
      "what comes after its head",
      words.repeat(400) + "7293 🦊🌵🧭 ".repeat(8_000),
      (text: string) => JSON.stringify(text),
    ],
    [
      "text whose letters are escaped",
      "日本語の文章です。".repeat(400),
      (text: string) =>
        `"${[...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`,
    ],
  ])("looks at all of the request: %s", async (_, text, encode) => {
    const body = Buffer.from(`{"messages":[{"role":"user","content":${encode(text)}}]}`);
    const usage = await estimate({
      id: "gpt-4o",
      endpoint: "chat.completions",
      reader: chatOf(""),
      textBytes: body.length,
      body,
    });
    const exact = (await countTokens(text)) ?? 0;
    expect(usage.input / exact).toBeGreaterThan(0.85);
    expect(usage.input / exact).toBeLessThan(1.15);
  });

  it("bills speech by the request's characters", async () => {
    const reader = createUsageReader({
      endpoint: "audio.speech",
      provider: "openai",
      contentType: "audio/mpeg",
    });
    reader.push(Buffer.alloc(100));
    expect(
      await estimate({ id: "tts-1", endpoint: "audio.speech", reader, characters: 120 }),
    ).toMatchObject({
      characters: 120,
    });
  });
});

describe("counting tokens", () => {
  it("takes special tokens as text, and is not held up by a long run of one character", async () => {
    expect(await countTokens("<|endoftext|>")).toBeGreaterThan(1);
    // Null after ten seconds, which a time quadratic in the length would take many times over.
    expect(await countTokens("a".repeat(400_000))).toBeGreaterThan(1_000);
    expect(await countTokens("")).toBe(0);
  });
});
