import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { GoogleGenAI } from "@google/genai";
import { load } from "js-yaml";
import { configSchema } from "librechat-data-provider";
import { generateText, jsonSchema, stepCountIs, streamText, tool, type JSONSchema7 } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";
import { codeOf } from "./docs-page";

const run = promisify(execFile);
const CREDIT = 1_000_000_000;
const server = createOwnServer();
const weather = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const question = "What is the weather in Paris?";
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("the Google client generates, streams, calls a function, counts and embeds", async () => {
  const { key } = await createFundedAccount({ credits: 50 * CREDIT });
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: server.origin } });
  const model = "gemini-3.5-flash-lite";
  expect((await client.models.generateContent({ model, contents: "Hello" })).text).toBeTruthy();
  let text = "";
  for await (const chunk of await client.models.generateContentStream({
    model,
    contents: "Hello",
  }))
    text += chunk.text ?? "";
  expect(text.length).toBeGreaterThan(0);
  const completion = await client.models.generateContent({
    model,
    contents: question,
    config: {
      tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: weather }] }],
    },
  });
  expect(completion.functionCalls?.[0]?.name).toBe("weather");
  const image = { inlineData: { mimeType: "image/png", data: pixel } };
  const reply = await client.models.generateContent({ model, contents: ["What is this?", image] });
  expect(reply.candidates?.[0]?.finishReason).toBe("STOP");
  const talk = client.chats.create({ model });
  await talk.sendMessage({ message: "Hello" });
  expect((await talk.sendMessage({ message: "And now?" })).text).toBeTruthy();
  expect(talk.getHistory()).toHaveLength(4);
  expect(
    (await client.models.countTokens({ model, contents: "Hello" })).totalTokens,
  ).toBeGreaterThan(0);
  expect(
    (await client.models.embedContent({ model: "gemini-embedding-001", contents: "Hello" }))
      .embeddings?.length,
  ).toBeGreaterThan(0);
});

test("the Vercel AI SDK generates, streams, calls a tool and goes on, and sees an image, with its three packages", async () => {
  const { key } = await createFundedAccount({ credits: 50 * CREDIT });
  const { origin } = server;
  const models = [
    createOpenAI({ baseURL: `${origin}/v1`, apiKey: key })("gpt-4o-mini"),
    createAnthropic({ baseURL: `${origin}/v1`, apiKey: key })("claude-sonnet-4-6"),
    createGoogleGenerativeAI({ baseURL: `${origin}/v1beta`, apiKey: key })("gemini-3.5-flash-lite"),
  ];
  for (const model of models) {
    expect((await generateText({ model, prompt: "Hello" })).text).toBeTruthy();
    expect((await streamText({ model, prompt: "Hello" }).text).length).toBeGreaterThan(0);
    const bodies: unknown[] = [];
    const { steps, text } = await generateText({
      model,
      prompt: question,
      stopWhen: stepCountIs(2),
      tools: {
        weather: tool({
          inputSchema: jsonSchema<{ city: string }>(weather as JSONSchema7),
          execute: async (input) => {
            bodies.push(input);
            return "20 °C";
          },
        }),
      },
    });
    expect(bodies).toEqual([{ city: "Paris" }]);
    expect({ steps: steps.length, text: text.length > 0 }).toEqual({ steps: 2, text: true });
    const image = { type: "image" as const, image: pixel, mediaType: "image/png" };
    const content = [{ type: "text" as const, text: "What is this?" }, image];
    expect(
      (await generateText({ model, messages: [{ role: "user", content }] })).finishReason,
    ).toBe("stop");
  }
});

test("the file of /docs/librechat is valid by LibreChat's own schema", () => {
  const [file = ""] = codeOf({ page: "librechat", language: "yaml", origin: server.origin });
  const config = load(file) as Record<string, unknown>;
  const { success, data, error } = configSchema.safeParse(config);
  expect(success, String(error)).toBe(true);
  const [endpoint] = data?.endpoints?.custom ?? [];
  expect(endpoint).toMatchObject({ name: "OneKey", baseURL: `${server.origin}/v1` });
  for (const model of endpoint?.models?.default ?? [])
    expect(findModel(String(model))?.status, String(model)).toBe("current");
  // The schema is what says so: without the version it takes no file.
  expect(configSchema.safeParse({ ...config, version: undefined }).success).toBe(false);
});

/** Next to the packages, so that they are found. */
const scratch = fileURLToPath(new URL("./node_modules/.snippets", import.meta.url));
beforeAll(() => mkdir(scratch, { recursive: true }));
afterAll(() => rm(scratch, { recursive: true, force: true }));

test.each(["google-genai", "vercel-ai-sdk"])(
  "the TypeScript code of /docs/%s runs as it is written",
  async (page) => {
    const { key } = await createFundedAccount({ credits: 50 * CREDIT });
    const scripts = codeOf({ page, language: "ts", origin: server.origin });
    expect(scripts.length).toBeGreaterThan(0);
    for (const [i, code] of scripts.entries()) {
      const file = path.join(scratch, `${page}-${i}.mjs`);
      await writeFile(file, code);
      const { stdout } = await run(process.execPath, [file], {
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          NODE_ENV: "production",
          ONEKEY_API_KEY: key,
        },
      });
      expect(stdout.trim().length).toBeGreaterThan(3);
      expect(stdout).not.toContain("undefined");
    }
  },
);
