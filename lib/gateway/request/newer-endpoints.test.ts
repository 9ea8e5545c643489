// Longer than 300 lines: two tables of requests, to the endpoints of one year.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { resolveModel } from "@/lib/catalog/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { startProviders } from "@/sandbox/providers";
import { createCustomer, startGateway } from "../upstream/testing/gateway";

const providers = await startProviders();
delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", `http://127.0.0.1:${providers.port}`);
vi.stubEnv("NEW_ACCOUNT_REQUESTS_PER_MINUTE", "1000000");
useOwnDatabase(ensureIndexes);

let gateway: Awaited<ReturnType<typeof startGateway>>;
let key: string;

beforeAll(async () => {
  gateway = await startGateway();
  ({ key } = await createCustomer());
});
afterAll(async () => {
  await gateway.close();
  await providers.close();
});

const directive = (value: object) => `[[sandbox: ${JSON.stringify(value)}]]`;

async function post(path: string, body: object | FormData) {
  const isForm = body instanceof FormData;
  const response = await fetch(`${gateway.origin}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      ...(isForm ? {} : { "content-type": "application/json" }),
    },
    body: isForm ? body : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    text: bytes.toString("utf8"),
    id: response.headers.get("x-onekey-request-id") ?? "",
  };
}

/** The usage row of a request, once it is settled. */
const rowOf = (id: string) =>
  vi.waitFor(
    async () => {
      const response = await fetch(`${gateway.origin}/v1/usage/${id}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      expect(response.status).toBe(200);
      return (await response.json()) as Record<string, unknown>;
    },
    { timeout: 60_000 },
  );

const messageOf = (text: string) =>
  (JSON.parse(text) as { error: { message: string } }).error.message;

const PIXEL = `data:image/png;base64,${"A".repeat(400)}`;

function formOf(fields: Record<string, string>, file: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", new Blob([file], { type: "audio/mpeg" }), "hello.mp3");
  return form;
}

type PricedRequest = [title: string, path: string, body: object | FormData, cost: number];

const decisionUsage = {
  input_tokens: 1_000,
  input_tokens_details: { cached_tokens: 400, cache_write_tokens: 0 },
  output_tokens: 0,
  total_tokens: 1_000,
};
const interactionUsage = {
  total_input_tokens: 1_000,
  total_output_tokens: 50,
  total_thought_tokens: 50,
  total_tokens: 1_100,
};
const interaction = (more: object) => ({
  model: "gemini-4-hydrogen",
  store: false,
  input: directive({ usage: interactionUsage }),
  ...more,
});

const PRICED: PricedRequest[] = [
  [
    "OpenAI's decisions",
    "/v1/decisions",
    {
      model: "gpt-6-luna",
      input: directive({ usage: decisionUsage }),
      questions: [{ type: "predicate", instructions: "It is late." }],
    },
    100_000,
  ],
  [
    "Google's decisions, with the id as Google writes it",
    "/v1beta/decisions",
    {
      model: "models/gemini-decision-1",
      input: directive({ usage: { total_input_tokens: 2_000, total_tokens: 2_000 } }),
      questions: { late: { type: "noul", instructions: "It is late." } },
    },
    200_000,
  ],
  // 1,000 x 1,500 + 100 x 7,500
  ["an interaction", "/v1beta/interactions", interaction({}), 2_250_000],
  ["a streamed interaction", "/v1alpha/interactions", interaction({ stream: true }), 2_250_000],
  ["an interaction at the stable version", "/v1/interactions", interaction({}), 2_250_000],
  [
    "an interaction of steps and blocks",
    "/v1beta/interactions",
    interaction({
      input: [
        { type: "user_input", content: [{ type: "text", text: "hi" }] },
        { type: "model_output", content: [{ type: "text", text: "hello" }] },
        {
          type: "user_input",
          content: [{ type: "text", text: directive({ usage: interactionUsage }) }],
        },
      ],
      service_tier: "flex",
    }),
    1_125_000,
  ],
  [
    "xAI's speech, without a model",
    "/v1/tts",
    { text: "Grüße 🌍", language: "de", voice_id: "eve", output_format: { codec: "wav" } },
    // 7 characters x 15,000
    105_000,
  ],
  [
    "xAI's transcription, without a model",
    "/v1/stt",
    formOf({ language: "en" }, directive({ usage: { duration: 36 } })),
    // 36 s of an hour at 100,000,000
    1_000_000,
  ],
  [
    "xAI's image edits",
    "/v1/images/edits",
    {
      model: "grok-imagine-image-2.0",
      prompt: "night",
      images: [{ url: PIXEL }, { url: PIXEL }],
      n: 2,
      quality: "low",
      resolution: "2k",
    },
    // 2 x 60,000,000 + 2 x 10,000,000
    140_000_000,
  ],
  [
    "an image tool, by what its use is stated to be",
    "/v1/responses",
    {
      model: "gpt-6-luna",
      tools: [{ type: "image_generation" }],
      max_tool_calls: 1,
      input: directive({
        usage: { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 },
        toolUsage: {
          image_gen: {
            input_tokens: 500,
            output_tokens: 1_056,
            total_tokens: 1_556,
            input_tokens_details: { image_tokens: 400, text_tokens: 100 },
            cached_tokens: 60,
            cached_tokens_details: { cached_image_tokens: 40, cached_text_tokens: 20 },
            output_tokens_details: { image_tokens: 1_056, text_tokens: 0 },
          },
        },
      }),
    },
    // 1000 x 100 + 100 x 500, and 80 x 5000 + 20 x 1250 + 360 x 8000 + 40 x 2000 + 1056 x 30000
    35_215_000,
  ],
  [
    "a streamed image tool",
    "/v1/responses",
    {
      model: "gpt-6-luna",
      stream: true,
      max_tool_calls: 1,
      tools: [{ type: "image_generation", model: "gpt-image-2.6-flare" }],
      input: directive({ usage: { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 } }),
    },
    // 1000 x 100 + 100 x 500, and the mock's 40 x 5000 + 272 x 30000
    8_510_000,
  ],
  [
    "the searches that OpenAI says it bills",
    "/v1/responses",
    {
      model: "gpt-6-luna",
      tools: [{ type: "web_search" }],
      max_tool_calls: 3,
      input: directive({
        usage: { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 },
        toolUsage: { web_search: { num_requests: 2 } },
      }),
    },
    // 1000 x 100 + 100 x 500 + 2 x 10,000,000
    20_150_000,
  ],
  [
    "a model that searches before it responds",
    "/v1/chat/completions",
    {
      model: "gpt-5-search-api",
      web_search_options: {},
      max_completion_tokens: 500,
      messages: [
        {
          role: "user",
          content: directive({
            usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 },
          }),
        },
      ],
    },
    // 1000 x 1250 + 100 x 10000 + 10,000,000
    12_250_000,
  ],
];

/** OpenAI ends this endpoint with its only model, on 26 February 2027. */
const TRANSLATIONS: PricedRequest[] = [
  [
    "a verbose translation",
    "/v1/audio/translations",
    formOf({ model: "whisper-1", response_format: "verbose_json" }, "x".repeat(159_500)),
    // 10 s of a minute at 6,000,000
    1_000_000,
  ],
];
const isTranslated = resolveModel("whisper-1", new Date()).kind === "offered";

describe("an endpoint of 2026 is forwarded and charged to the token", () => {
  test.each([...PRICED, ...(isTranslated ? TRANSLATIONS : [])])(
    "%s",
    async (_, path, body, cost) => {
      const { status, id, text } = await post(path, body);
      expect(status, text).toBe(200);
      expect(await rowOf(id)).toMatchObject({ cost_nano: cost, usage_source: "provider" });
    },
  );
});

type RefusedRequest = [
  title: string,
  path: string,
  body: object | FormData,
  status: number,
  words: RegExp,
];

const REFUSED: RefusedRequest[] = [
  [
    "an interaction that Google would store",
    "/v1beta/interactions",
    interaction({ store: true }),
    400,
    /Send store: false/,
  ],
  [
    "an interaction without store",
    "/v1beta/interactions",
    { model: "gemini-3.8-flash", input: "hi" },
    400,
    /Send store: false/,
  ],
  [
    "an interaction that goes on from a stored one",
    "/v1beta/interactions",
    interaction({ previous_interaction_id: "v1_1" }),
    400,
    /previous_interaction_id .*earlier turns as steps/,
  ],
  [
    "its other spelling",
    "/v1beta/interactions",
    interaction({ previousInteractionId: "v1_1" }),
    400,
    /previous_interaction_id/,
  ],
  [
    "an interaction in the background",
    "/v1beta/interactions",
    interaction({ background: true }),
    400,
    /background/,
  ],
  [
    "an agent",
    "/v1beta/interactions",
    { agent: "deep-research", input: "hi", store: false },
    400,
    /Name a model instead/,
  ],
  [
    "an environment",
    "/v1beta/interactions",
    interaction({ environment: "env_1" }),
    400,
    /environment/,
  ],
  [
    "a file of Google's store",
    "/v1beta/interactions",
    interaction({
      input: [{ type: "image", uri: "https://generativelanguage.googleapis.com/v1beta/files/a" }],
    }),
    400,
    /uri names something stored/,
  ],
  [
    "maps in an interaction",
    "/v1beta/interactions",
    interaction({ tools: [{ type: "google_maps" }] }),
    400,
    /google_maps/,
  ],
  [
    "Google's decisions with another model",
    "/v1beta/decisions",
    { model: "gemini-3.8-flash", input: "a", questions: {} },
    400,
    /POST \/v1beta\/decisions takes models such as gemini-decision-1/,
  ],
  [
    "OpenAI's decisions with another model",
    "/v1/decisions",
    { model: "gpt-6.1-sol", input: "a", questions: [] },
    400,
    /takes models such as gpt-6-luna/,
  ],
  [
    "a service tier at decisions",
    "/v1/decisions",
    { model: "gpt-6-luna", input: "a", questions: [], service_tier: "flex" },
    400,
    /service_tier/,
  ],
  [
    "a voice made from a recording",
    "/v1/tts",
    { text: "a", language: "en", voice_id: "nlbq2wie" },
    400,
    /voice_id must be the name/,
  ],
  [
    "audio at an address",
    "/v1/stt",
    formOf({ url: "https://example.com/a.mp3" }, "a"),
    400,
    /length of what the provider would fetch/,
  ],
  [
    "channels of an unknown price",
    "/v1/stt",
    formOf({ multichannel: "true" }, "a"),
    400,
    /multichannel/,
  ],
  [
    "a translation by another model",
    "/v1/audio/translations",
    formOf({ model: "gpt-transcribe" }, "a"),
    400,
    /is not supported at POST \/v1\/audio\/translations\. For gpt-transcribe use POST/,
  ],
  [
    "a request that a user profile should pay",
    "/v1/messages",
    {
      model: "claude-haiku-5-5",
      max_tokens: 9,
      messages: [],
      billing_policy: { type: "billing_policy", bill_to: "user_profile" },
    },
    400,
    /bill_to must be self/,
  ],
  [
    "an image without a model",
    "/v1/images/generations",
    { prompt: "a red square" },
    400,
    /Name a model such as "gpt-image-/,
  ],
  [
    "a form without a model",
    "/v1/images/edits",
    formOf({ prompt: "a" }, "a"),
    400,
    /Name a model such as "gpt-image-/,
  ],
];

describe("what cannot be served or priced is rejected before it is sent", () => {
  test.each(REFUSED)("%s", async (_, path, body, status, words) => {
    const before = providers.seen.length;
    const response = await post(path, body);
    expect(response.status, response.text).toBe(status);
    expect(messageOf(response.text)).toMatch(words);
    expect(providers.seen.length).toBe(before);
  });
});
