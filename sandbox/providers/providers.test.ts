import { afterAll, beforeAll, expect, test } from "vitest";
import { startProviders, type MockProviders } from ".";
import type { MockDirective } from "./directive";

let providers: MockProviders;
beforeAll(async () => {
  providers = await startProviders({});
});
afterAll(() => providers.close());

type ProviderName = keyof MockProviders["urls"];
const json = { "content-type": "application/json" };
const bearer = (name: ProviderName) => ({ ...json, authorization: `Bearer sandbox-${name}` });
const ask = (directive: MockDirective = {}, text = "Hello") =>
  `${text} [[sandbox: ${JSON.stringify(directive)}]]`;

const post = (
  name: ProviderName,
  path: string,
  body: unknown,
  headers: Record<string, string> = bearer(name),
) =>
  fetch(`${providers.urls[name]}${path}`, {
    method: "POST",
    headers,
    body: body instanceof FormData || typeof body === "string" ? body : JSON.stringify(body),
  });
const chat = (fields: Record<string, unknown> = {}, directive: MockDirective = {}) =>
  post("openai", "/chat/completions", {
    model: "gpt-4o",
    messages: [{ role: "user", content: ask(directive) }],
    ...fields,
  });
const control = (path: string, body: unknown = {}) =>
  fetch(`http://127.0.0.1:${providers.port}/__control/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });

test("the usage follows the request's size, limit, choices and reasoning", async () => {
  type ChatResponse = { choices: { finish_reason: string }[]; usage: Record<string, unknown> };
  const plain = (await (await chat()).json()) as ChatResponse;
  expect(plain.usage).toMatchObject({ completion_tokens: 9 });
  const long = (await (
    await chat({ messages: [{ role: "user", content: "word ".repeat(4_000) }] })
  ).json()) as ChatResponse;
  expect(long.usage).toMatchObject({ prompt_tokens: 5_001 });
  const short = (await (await chat({ max_tokens: 4, n: 3 })).json()) as ChatResponse;
  expect(short.usage).toMatchObject({ completion_tokens: 12 });
  expect(short.choices.map(({ finish_reason }) => finish_reason)).toEqual([
    "length",
    "length",
    "length",
  ]);
  const completion = (await (
    await chat({ model: "gpt-6-luna", max_completion_tokens: 22 })
  ).json()) as ChatResponse;
  expect(completion.usage).toMatchObject({
    completion_tokens: 22,
    completion_tokens_details: { reasoning_tokens: 20 },
  });
});

test("every choice is streamed, and the usage only where it is asked for", async () => {
  const text = await (
    await chat({ stream: true, n: 2, stream_options: { include_usage: true } })
  ).text();
  expect(text.match(/"index":1/g)?.length).toBe(text.match(/"index":0/g)?.length);
  expect(text).toContain('"choices":[],"usage":{"prompt_tokens"');
  expect(await (await chat({ stream: true })).text()).not.toContain("usage");
});

test("Anthropic and Gemini follow their own limits", async () => {
  const message = await post(
    "anthropic",
    "/v1/messages",
    { model: "claude-opus-5", max_tokens: 2, messages: [] },
    { ...json, "x-api-key": "sandbox-anthropic" },
  );
  expect(await message.json()).toMatchObject({
    stop_reason: "max_tokens",
    usage: { output_tokens: 2 },
  });
  const completion = await post(
    "google",
    "/v1beta/models/gemini-3.5-flash-lite:generateContent",
    { contents: [], generationConfig: { maxOutputTokens: 23, candidateCount: 2 } },
    { ...json, "x-goog-api-key": "sandbox-google" },
  );
  expect(await completion.json()).toMatchObject({
    candidates: [{ finishReason: "MAX_TOKENS" }, { index: 1 }],
    usageMetadata: { candidatesTokenCount: 6, thoughtsTokenCount: 40 },
  });
});

test("malformed JSON is a 400 and an unknown endpoint a 404, in each provider's shape", async () => {
  const at: [ProviderName, string, Record<string, string>][] = [
    ["openai", "/chat/completions", bearer("openai")],
    ["xai", "/chat/completions", bearer("xai")],
    ["anthropic", "/v1/messages", { ...json, "x-api-key": "sandbox-anthropic" }],
    ["google", "/v1beta/models/g:generateContent", { ...json, "x-goog-api-key": "sandbox-google" }],
  ];
  for (const [name, path, headers] of at) {
    const invalidResponse = await post(name, path, '{"model":', headers);
    expect(invalidResponse.status, name).toBe(400);
    const errorBody = (await invalidResponse.json()) as { error: unknown; type?: string };
    if (name === "anthropic")
      expect(errorBody).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    else if (name === "google")
      expect(errorBody).toMatchObject({ error: { code: 400, status: "INVALID_ARGUMENT" } });
    else if (name === "xai") expect(errorBody.error).toMatch(/could not parse/);
    else expect(errorBody).toMatchObject({ error: { type: "invalid_request_error" } });
    expect((await post(name, path.replace(/\w+$/, "nothing"), {}, headers)).status, name).toBe(404);
  }
});

test("each provider refuses a credential that is wrong, missing or in the wrong header", async () => {
  const chatBody = { model: "m", messages: [] };
  expect(
    (
      await post("openai", "/chat/completions", chatBody, {
        ...json,
        authorization: "Bearer sk-onekey-x",
      })
    ).status,
  ).toBe(401);
  expect(
    (
      await post("openai", "/chat/completions", chatBody, {
        ...json,
        "x-api-key": "sandbox-openai",
      })
    ).status,
  ).toBe(401);
  expect((await post("xai", "/chat/completions", chatBody, json)).status).toBe(400);
  expect(
    (await post("anthropic", "/v1/messages", chatBody, { ...json, "x-api-key": "sk-other" }))
      .status,
  ).toBe(401);
  expect((await post("anthropic", "/v1/messages", chatBody, bearer("anthropic"))).status).toBe(200);
  expect(
    (await post("google", "/v1beta/models/g:generateContent", {}, bearer("google"))).status,
  ).toBe(400);
  expect(
    (await post("google", "/v1beta/openai/chat/completions", chatBody, bearer("google"))).status,
  ).toBe(200);
});

test("a stored response is read, listed and deleted by its id, and is a 404 else", async () => {
  const completion = (await (
    await post("openai", "/responses", { model: "gpt-4o", input: "Hello" })
  ).json()) as {
    id: string;
  };
  const at = (path: string, method = "GET") =>
    fetch(`${providers.urls.openai}/responses/${path}`, { method, headers: bearer("openai") });
  expect(await (await at(completion.id)).json()).toMatchObject({
    id: completion.id,
    status: "completed",
  });
  expect(await (await at(`${completion.id}/input_items`)).json()).toMatchObject({
    data: [{ content: "Hello" }],
  });
  expect(await (await at(completion.id, "DELETE")).json()).toMatchObject({ deleted: true });
  expect((await at(completion.id)).status).toBe(404);
  const forgotten = (await (
    await post("openai", "/responses", { model: "m", input: "a", store: false })
  ).json()) as {
    id: string;
  };
  expect((await at(forgotten.id)).status).toBe(404);
});

test("the tool that is called is the request's own, with what it requires", async () => {
  const parameters = {
    type: "object",
    properties: { place: { type: "string" }, days: { type: "integer" } },
    required: ["place", "days"],
  };
  const answer = await chat({
    messages: [{ role: "user", content: "What is the weather in Paris?" }],
    tools: [{ type: "function", function: { name: "forecast", parameters } }],
  });
  expect(await answer.json()).toMatchObject({
    choices: [
      {
        finish_reason: "tool_calls",
        message: {
          tool_calls: [{ function: { name: "forecast", arguments: '{"place":"Paris","days":1}' } }],
        },
      },
    ],
  });
});

test("embeddings have a vector for each input of a batch", async () => {
  const embed = async (input: unknown) =>
    (
      (await (await post("openai", "/embeddings", { model: "m", input })).json()) as {
        data: unknown[];
      }
    ).data.length;
  expect(await embed("one")).toBe(1);
  expect(await embed(["one", "two", "three"])).toBe(3);
  expect(await embed([15, 16, 17])).toBe(1);
  const batch = await post(
    "google",
    "/v1beta/models/gemini-embedding-001:batchEmbedContents",
    { requests: [{ content: {} }, { content: {} }] },
    { ...json, "x-goog-api-key": "sandbox-google" },
  );
  expect(((await batch.json()) as { embeddings: unknown[] }).embeddings).toHaveLength(2);
});

test("speech, transcriptions and images are streamed when requested", async () => {
  const speech = await post("openai", "/audio/speech", {
    model: "m",
    input: "Hello",
    stream_format: "sse",
  });
  expect(await speech.text()).toMatch(/speech\.audio\.delta[^]*speech\.audio\.done","usage"/);
  const form = new FormData();
  form.set("model", "gpt-4o-transcribe");
  form.set("stream", "true");
  form.set("file", new Blob([new Uint8Array(32_000)]), "a.wav");
  const transcription = await post("openai", "/audio/transcriptions", form, {
    authorization: "Bearer sandbox-openai",
  });
  expect(await transcription.text()).toMatch(
    /transcript\.text\.delta[^]*transcript\.text\.done[^]*"audio_tokens":20/,
  );
  const imageResponse = await post("openai", "/images/generations", {
    model: "m",
    prompt: "a",
    stream: true,
    partial_images: 2,
  });
  const text = await imageResponse.text();
  expect(text.match(/event: image_generation\.partial_image/g)).toHaveLength(2);
  expect(text).toContain("event: image_generation.completed");
});

test("gzip on a stream, small chunks of JSON, a lying length, bytes after the end", async () => {
  const raw = await fetch(`${providers.urls.openai}/chat/completions`, {
    method: "POST",
    headers: { ...bearer("openai"), "accept-encoding": "gzip" },
    body: JSON.stringify({
      model: "m",
      stream: true,
      messages: [{ role: "user", content: ask({ gzip: true }) }],
    }),
  });
  expect(raw.headers.get("content-encoding")).toBe("gzip");
  expect(await raw.text()).toContain("[DONE]");
  expect(await (await chat({}, { chunkBytes: 7 })).json()).toHaveProperty("usage");
  await expect(chat({}, { lieLength: true }).then((answer) => answer.text())).rejects.toThrow();
  expect(await (await chat({ stream: true }, { garbageAfterDone: true })).text()).toMatch(
    /\[DONE\]\n\ndata: [^]*900000/,
  );
});

test("a stream that hangs has sent what it was asked to, and is still open", async () => {
  const answer = await chat({ stream: true }, { hangAfterChunks: 2 });
  const reader = answer.body?.getReader();
  let text = "";
  while (text.split("\n\n").length < 4)
    text += new TextDecoder().decode((await reader?.read())?.value);
  const nextChunk = await Promise.race([
    reader?.read(),
    new Promise((resolve) => setTimeout(() => resolve("open"), 300)),
  ]);
  expect(nextChunk).toBe("open");
  await reader?.cancel();
});

test("a directive applies to the next request, and a reset clears all", async () => {
  await control("next", { status: 503 });
  expect((await chat()).status).toBe(503);
  expect((await chat()).status).toBe(200);
  expect(providers.seen.length).toBeGreaterThan(0);
  await control("next", { status: 503 });
  await control("reset");
  expect(providers.seen).toEqual([]);
  expect(providers.counts()).toEqual({ openai: 0, anthropic: 0, google: 0, xai: 0 });
  expect((await chat()).status).toBe(200);
});
