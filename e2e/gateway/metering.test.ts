import { describe, expect, test } from "vitest";
import {
  messageWith,
  chat,
  createCustomer,
  ADAPTERS,
  directNext,
  countReceived,
  releaseResponses,
  listUsage,
  waitUntilSettled,
} from "../support/shared-deployment";
import { isLive } from "../support/models";

const CREDITS = "5";

describe.each(ADAPTERS)("through %s", (_, origin) => {
  const send = async (
    path: string,
    key: string,
    body: unknown,
    directive: Record<string, unknown>,
  ) => {
    await directNext(directive);
    const isForm = body instanceof FormData;
    const response = await fetch(`${origin}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        ...(isForm ? {} : { "content-type": "application/json" }),
      },
      body: isForm ? body : JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const form = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new Blob([new Uint8Array(64_000)]), "a.wav");
    return form;
  };
  const input = { input_tokens: 1_000, output_tokens: 500 };

  /** What the provider states, and the cost by hand in nano-credits. */
  const CASES: [string, string, unknown, Record<string, unknown>, number][] = [
    [
      "a tier that was lowered is charged as it was served: 1000 x 100 + 500 x 500",
      "/v1/responses",
      { model: "gpt-6-luna", service_tier: "priority", input: "Hello", max_output_tokens: 600 },
      { usage: input, serviceTier: "default" },
      350_000,
    ],
    [
      "a tier that was served as asked: twice that",
      "/v1/responses",
      {
        model: "gpt-6-luna",
        service_tier: "priority",
        input: "Hello",
        max_output_tokens: 600,
        stream: true,
      },
      { usage: input, serviceTier: "priority" },
      700_000,
    ],
    [
      "a tier that nobody asked for changes nothing",
      "/v1/chat/completions",
      { model: "gpt-6-luna", messages: [], max_completion_tokens: 600 },
      { usage: { prompt_tokens: 1_000, completion_tokens: 500 }, serviceTier: "priority" },
      350_000,
    ],
    [
      "a cache write of 12 hours: 200 x 100 + 800 x 250 + 500 x 500",
      "/v1/responses",
      {
        model: "gpt-6-luna",
        input: "Hello",
        max_output_tokens: 600,
        prompt_cache_options: { ttl: "12h" },
      },
      { usage: { ...input, input_tokens_details: { cached_tokens: 0, cache_write_tokens: 800 } } },
      470_000,
    ],
    [
      "a cache write of 30 minutes: 200 x 100 + 800 x 125 + 500 x 500",
      "/v1/responses",
      { model: "gpt-6-luna", input: "Hello", max_output_tokens: 600 },
      { usage: { ...input, input_tokens_details: { cached_tokens: 0, cache_write_tokens: 800 } } },
      370_000,
    ],
    [
      "speech as events, by tokens: 10 x 600 + 60 x 12000",
      "/v1/audio/speech",
      { model: "gpt-4o-mini-tts", voice: "alloy", input: "Hello", stream_format: "sse" },
      { usage: { input_tokens: 10, output_tokens: 60 } },
      726_000,
    ],
    [
      "a transcription as events, by tokens: 40 x 6000 + 9 x 10000",
      "/v1/audio/transcriptions",
      form({ model: "gpt-4o-transcribe", stream: "true" }),
      {
        usage: {
          type: "tokens",
          input_tokens: 40,
          output_tokens: 9,
          input_token_details: { audio_tokens: 40 },
        },
      },
      330_000,
    ],
    [
      "a transcription by its length: 12 s at $0.0045 a minute",
      "/v1/audio/transcriptions",
      form({ model: "gpt-transcribe" }),
      { usage: { type: "duration", seconds: 12 } },
      900_000,
    ],
  ];

  // Models of these cases have an announced end, and no other is charged in their way.
  const endingModels: Record<string, string> = {
    "/v1/audio/speech": "gpt-4o-mini-tts",
    "a transcription as events, by tokens: 40 x 6000 + 9 x 10000": "gpt-4o-transcribe",
  };
  const liveCases = CASES.filter(([title, path]) => {
    const model = endingModels[title] ?? endingModels[path];
    return model === undefined || isLive(model);
  });

  test.each(liveCases)("%s", async (_name, path, body, directive, cost) => {
    const { key, email } = await createCustomer({ credits: CREDITS });
    expect(await send(path, key, body, directive)).toBe(200);
    await waitUntilSettled(email);
    expect(await listUsage(origin, key)).toMatchObject([
      { cost_nano: cost, usage_source: "provider", status: 200 },
    ]);
  });

  test("images as events are charged by what their last event states", async () => {
    const { key, email } = await createCustomer({ credits: CREDITS });
    const body = { model: "gpt-image-2.5-flare", prompt: "A key", stream: true, partial_images: 2 };
    expect(await send("/v1/images/generations", key, body, {})).toBe(200);
    await waitUntilSettled(email);
    const [row] = await listUsage(origin, key);
    expect(row).toMatchObject({ usage_source: "provider", tokens: { output: 272 } });
    expect(row?.cost_nano).toBeGreaterThan(272 * 10_000);
  });

  test.runIf(isLive("gpt-4o-mini-tts"))(
    "speech in one piece, which states no usage, is charged where tokens are billed",
    async () => {
      const { key, email } = await createCustomer({ credits: CREDITS });
      const spoken = "Hello, and welcome. ".repeat(20);
      expect(
        await send(
          "/v1/audio/speech",
          key,
          { model: "gpt-4o-mini-tts", voice: "alloy", input: spoken },
          {},
        ),
      ).toBe(200);
      await waitUntilSettled(email);
      const [row] = await listUsage(origin, key);
      // A token for four characters, and six of sound for each.
      const tokens = spoken.length / 4;
      expect(row).toMatchObject({
        usage_source: "estimated",
        cost_nano: tokens * 600 + tokens * 6 * 12_000,
      });
    },
  );

  test("a client that leaves before its response is charged what the provider states", async () => {
    const { key, email } = await createCustomer({ credits: CREDITS });
    const before = await countReceived();
    const leaving = new AbortController();
    const body = {
      model: "gpt-6-luna",
      max_completion_tokens: 5_000,
      messages: [messageWith({ hold: true })],
    };
    const response = chat(origin, key, body, { signal: leaving.signal }).catch(() => null);
    while ((await countReceived()) === before)
      await new Promise((resolve) => setTimeout(resolve, 20));
    leaving.abort();
    expect(await response).toBeNull();
    // Requests sent after the connection was closed are handled after it: without them, the released response may come first.
    for (let i = 0; i < 3; i++) await listUsage(origin, key);
    await releaseResponses();
    await waitUntilSettled(email);
    const [row] = await listUsage(origin, key);
    expect(row).toMatchObject({ ended_by: "client_left", usage_source: "provider" });
    expect(row?.cost_nano).toBeGreaterThan(0);
  });

  test("a tool without a price is refused before any provider hears of it", async () => {
    const { key } = await createCustomer();
    const before = await countReceived();
    for (const type of ["file_search", "code_interpreter"]) {
      const response = await fetch(`${origin}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "gpt-6-luna", input: "Draw", tools: [{ type }] }),
      });
      expect(response.status).toBe(400);
      expect(((await response.json()) as { error: { param: string } }).error.param).toBe("tools");
    }
    expect(await countReceived()).toBe(before);
  });
});
