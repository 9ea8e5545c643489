import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { leastFor } from "@/lib/accounts/plan";
import { findRoute } from "../request/endpoints";
import { scanBody } from "../body-scan";
import { quoteCall } from "./quote";
import { refineQuote } from "./refine";

const at = new Date("2026-11-24T12:00:00Z");
const CREDIT = 1_000_000_000;

/** About so many bytes of what a coding agent sends: prose, code, paths. */
const prompt = (bytes: number) =>
  "You are a coding agent. Read src/server/index.ts, run `npm test -- --watch=false`, then fix what fails. "
    .repeat(Math.ceil(bytes / 100))
    .slice(0, bytes);

async function quotes(path: string, body: Record<string, unknown>, encoding = "") {
  const target = findRoute("POST", path, "openai");
  if (target.kind !== "forward") throw new Error("no route");
  const { endpoint } = target;
  const plain = Buffer.from(JSON.stringify(body));
  const bytes = encoding === "gzip" ? gzipSync(plain) : plain;
  const scan = await scanBody({
    endpoint: endpoint.name,
    body: bytes,
    contentType: "application/json",
    contentEncoding: encoding,
  });
  const headers = { "content-encoding": encoding };
  return {
    first: quoteCall({ scan, endpoint, at }),
    refined: await refineQuote({ exchange: { headers }, scan, body: bytes, endpoint, at }),
  };
}

const image = Buffer.alloc(60_000, 7).toString("base64");
const message = (content: unknown) => [{ role: "user", content }];

test.each(["", "identity", "gzip"])(
  "counted text lowers the maximum, sent as %j",
  async (encoding) => {
    const { first, refined: closerQuote } = await quotes(
      "/v1/messages",
      { model: "claude-opus-5-5", max_tokens: 100, messages: message(prompt(40_000)) },
      encoding,
    );
    // About 10,000 tokens with the margin of the provider's tokenizer.
    expect(closerQuote?.maxCost).toBeLessThan(first.maxCost / 2);
    expect(closerQuote?.maxCost).toBeGreaterThan(first.maxCost / 5);
  },
);

test("a refinement has the costs only, so that a hold keeps its own fields", async () => {
  const body = { model: "gpt-6-sol", max_output_tokens: 100, input: prompt(40_000) };
  const { refined: refinedQuote } = await quotes("/v1/responses", body);
  expect(Object.keys(refinedQuote ?? {}).sort()).toEqual([
    "expectedCost",
    "maxCost",
    "maxTokens",
    "outputThatFits",
  ]);
});

test("what is no text is held for as before", async () => {
  const body = {
    model: "claude-opus-5-5",
    max_tokens: 100,
    messages: message([
      { type: "image", source: { type: "base64", media_type: "image/png", data: image } },
      { type: "text", text: prompt(2_000) },
    ]),
  };
  const { first, refined: closerQuote } = await quotes("/v1/messages", body);
  const withoutImage = await quotes("/v1/messages", { ...body, messages: message(prompt(2_000)) });
  expect(first.maxCost - withoutImage.first.maxCost).toBeGreaterThan(0);
  expect((closerQuote?.maxCost ?? 0) - (withoutImage.refined?.maxCost ?? 0)).toBeGreaterThan(
    (first.maxCost - withoutImage.first.maxCost) / 2,
  );
});

test("a long run of letters that is no media is held for at a token a byte", async () => {
  const run = "QUJD".repeat(5_000);
  const { first, refined: closerQuote } = await quotes("/v1/messages", {
    model: "claude-opus-5-5",
    max_tokens: 100,
    messages: message(run),
  });
  expect(closerQuote?.maxCost ?? first.maxCost).toBeGreaterThan(first.maxCost * 0.95);
});

test("Claude Code with its defaults runs on the free allowance", async () => {
  const { first, refined: closerQuote } = await quotes("/v1/messages", {
    model: "claude-opus-5-5",
    max_tokens: 128_000,
    stream: true,
    system: [{ type: "text", text: prompt(60_000), cache_control: { type: "ephemeral" } }],
    messages: message(prompt(4_000)),
  });
  expect(leastFor(closerQuote ?? first)).toBeLessThanOrEqual(2 * CREDIT);
});

test.each(["gpt-6-sol", "gpt-6.1-sol", "gpt-6-luna"])(
  "Codex with its defaults runs on 5 credits with %s",
  async (model) => {
    const { first, refined: closerQuote } = await quotes("/v1/responses", {
      model,
      stream: true,
      store: false,
      instructions: prompt(30_000),
      input: [{ type: "message", role: "user", content: prompt(10_000) }],
      tools: [
        { type: "function", name: "shell", parameters: { type: "object", properties: {} } },
        { type: "web_search" },
      ],
    });
    expect(leastFor(closerQuote ?? first)).toBeLessThanOrEqual(5 * CREDIT);
  },
);
