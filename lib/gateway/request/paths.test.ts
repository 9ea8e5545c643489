// Longer than 300 lines: tables of paths, read together to see which one applies.

import { expect, test } from "vitest";
import { HELLO, createFundedAccount, useOwnGateway } from "@/e2e/support/own-gateway";
import { newKey } from "@/lib/ids";

const gateway = useOwnGateway({ NEW_ACCOUNT_REQUESTS_PER_MINUTE: "1000" });
const customer = { key: "" };
let upstreamPath = "";
gateway.beforeResponse = (req) => {
  upstreamPath = req.url ?? "";
};

async function call(path: string, init: RequestInit = {}, headers: Record<string, string> = {}) {
  customer.key ||= (await createFundedAccount({ credits: 1_000_000_000 })).key;
  const response = await fetch(`${gateway.origin}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${customer.key}`,
      ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

const post = (path: string, body: string, headers = {}) =>
  call(path, { method: "POST", body }, headers);
const errorOf = (text: string) => (JSON.parse(text) as { error: Record<string, unknown> }).error;

const GEMINI = JSON.stringify({ contents: [{ parts: [{ text: "Hello" }] }] });
const CLAUDE = HELLO.replace("gpt-6-luna", "claude-sonnet-5-5");
const RESPONSE = JSON.stringify({ model: "gpt-6-luna", input: "hi" });
const FLASH = "gemini-3.8-flash:generateContent";

test.each([
  ["/chat/completions", HELLO, "/openai/v1/chat/completions"],
  ["/v1/v1/chat/completions", HELLO, "/openai/v1/chat/completions"],
  ["/v1/chat/completions/", HELLO, "/openai/v1/chat/completions"],
  ["/v1beta/openai/chat/completions", HELLO, "/openai/v1/chat/completions"],
  ["/v1beta/openai/responses", RESPONSE, "/openai/v1/responses"],
  ["/v1/openai/chat/completions", HELLO, "/openai/v1/chat/completions"],
  ["/messages", CLAUDE, "/anthropic/v1/messages"],
  ["/v1/v1/messages?beta=true", CLAUDE, "/anthropic/v1/messages?beta=true"],
  [`/v1/v1beta/models/${FLASH}`, GEMINI, `/google/v1beta/models/${FLASH}`],
  [`/v1beta/v1beta/models/${FLASH}`, GEMINI, `/google/v1beta/models/${FLASH}`],
  [`/models/${FLASH}`, GEMINI, `/google/v1beta/models/${FLASH}`],
  [`/v1alpha/models/${FLASH}`, GEMINI, `/google/v1alpha/models/${FLASH}`],
])("POST %s is served", async (path, body, upstream) => {
  gateway.respond = (res) =>
    void res.writeHead(200, { "content-type": "application/json" }).end("{}");
  upstreamPath = "";
  expect((await post(path, body)).status).toBe(200);
  expect(upstreamPath).toBe(upstream.replace(/^\/(openai|anthropic|google)/, (prefix) => prefix));
});

test.each([
  ["/v1/models", 200],
  ["/v1/models/", 200],
  ["/models", 200],
  ["/v1/models/gpt-6-luna", 200],
  ["/v1/models/anthropic/claude-sonnet-5-5", 404],
  ["/v1beta/models", 200],
  ["/v1alpha/models/gemini-3.8-flash", 200],
  ["/v1beta/openai/models", 200],
  ["/v1beta/openai/models/gemini-3.8-flash", 200],
  ["/v1/credits", 200],
  ["/v1/models/nothing-like-it", 404],
])("GET and HEAD of %s are %i", async (path, status) => {
  const get = await call(path);
  const head = await call(path, { method: "HEAD" });
  expect([get.status, head.status]).toEqual([status, status]);
  expect(head.text).toBe("");
  expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
});

test.each([
  ["/v1/completions", "ended on 28 September 2026. Send the prompt as a message"],
  ["/completions", "POST /v1/chat/completions"],
  ["/v1/images/variations", "POST /v1/images/edits"],
  ["/v1/rerank", "/v1/embeddings"],
  ["/v1/realtime", "POST /v1/responses"],
  ["/openai/deployments/gpt-4o/chat/completions", "/v1"],
  ["/v1/chat/completion", "Did you mean POST /v1/chat/completions?"],
  ["/v1/mesages", "Did you mean POST /v1/messages?"],
  ["/v1/api/embeddings", "Did you mean POST /v1/embeddings?"],
  [
    "/v1beta/gemini-3.8-flash:generateContent",
    "Did you mean POST /v1beta/models/{model}:generateContent?",
  ],
  ["/v2/chat", "/docs/api"],
  ["/v1", "/v1"],
])("POST %s is a 404 in JSON that names %s", async (path, advice) => {
  const { status, headers, text } = await post(path, HELLO);
  expect(status).toBe(404);
  expect(headers.get("content-type")).toBe("application/json");
  expect(headers.get("x-should-retry")).toBe("false");
  expect(errorOf(text).message).toContain(advice);
  expect(errorOf(text).message).toContain("/docs/api");
});

const NOT_OFFERED: [method: string, path: string, words: RegExp][] = [
  [
    "POST",
    "/v1/live",
    /^There is no endpoint "\/v1\/live"\. Live and realtime sessions .* over a socket/,
  ],
  ["GET", "/v1/realtime", /over a socket .*POST \/v1\/responses/],
  ["POST", "/v1/realtime/client_secrets", /over a socket/],
  ["POST", "/v1alpha/auth_tokens", /over a socket/],
  ["POST", "/v1/videos", /Videos .*stored at the provider/],
  ["GET", "/v1/videos/video_1/content", /Videos/],
  ["POST", "/v1beta/models/veo-3:predictLongRunning", /Videos/],
  ["POST", "/v1/skills", /Your own skills/],
  ["POST", "/v1/agents", /Agents .*Run the loop yourself/],
  ["GET", "/v1beta/agents", /Agents/],
  ["POST", "/v1/sessions/s_1/events", /Agents/],
  ["POST", "/v1/files", /Objects stored at a provider .*Send the content/],
  ["POST", "/upload/v1beta/files", /Objects stored at a provider/],
  ["POST", "/v1beta/cachedContents", /Objects stored at a provider/],
  ["GET", "/v1/vector_stores/vs_1/files", /Objects stored at a provider/],
  ["POST", "/v1/batches", /^There is no endpoint "\/v1\/batches"\. Batches are/],
  ["POST", "/v1/messages/batches", /Batches are/],
  ["POST", "/v1beta/models/gemini-3.8-flash:batchGenerateContent", /Batches are/],
  ["GET", "/v1beta/interactions/v1_1", /Stored and background requests/],
  ["POST", "/v1/responses/resp_1/cancel", /Stored and background requests/],
  ["GET", "/v1/tts/voices", /POST \/v1\/tts/],
  ["GET", "/v1/organization/costs", /GET \/v1\/credits/],
  ["GET", "/v1/language-models", /Use GET \/v1\/models/],
];

test.each(NOT_OFFERED)("%s %s is a 404 that says why", async (method, path, words) => {
  const response = await call(path, method === "GET" ? {} : { method, body: "{}" });
  expect(response.status).toBe(404);
  expect(response.headers.get("x-should-retry")).toBe("false");
  expect(errorOf(response.text).message).toMatch(words);
});

test("a path that is not offered has the error of its dialect", async () => {
  const anthropic = await post("/v1/agents", "{}", { "anthropic-version": "2023-06-01" });
  expect(JSON.parse(anthropic.text)).toMatchObject({
    type: "error",
    error: { type: "not_found_error" },
  });
  const gemini = await post("/v1beta/agents", "{}");
  expect(errorOf(gemini.text)).toMatchObject({ code: 404, status: "NOT_FOUND" });
});

test.each([
  [`/v1beta/models/${FLASH}?$alt=json;enum-encoding=int`, GEMINI],
  [`/v1beta/models/${FLASH}?%24alt=json%3Benum-encoding%3Dint&$prettyPrint=false`, GEMINI],
  ["/v1/chat/completions?api-version=2024-10-21", HELLO],
  ["/v1/chat/completions?beta=true", HELLO],
  ["/v1/messages?beta=true", CLAUDE],
])("the query of POST %s is forwarded as it was written", async (path, body) => {
  upstreamPath = "";
  expect((await post(path, body)).status).toBe(200);
  expect(upstreamPath.slice(upstreamPath.indexOf("?"))).toBe(path.slice(path.indexOf("?")));
});

test.each([
  [`/v1beta/models/${FLASH}?$alt=proto`, GEMINI, "$alt"],
  [`/v1beta/models/${FLASH}?$fields=candidates`, GEMINI, "$fields"],
  [`/v1beta/models/${FLASH}?access_token=a`, GEMINI, "access_token"],
  ["/v1/chat/completions?api-version=../x", HELLO, "api-version"],
])("the query of POST %s is a 400 that names the parameter", async (path, body, name) => {
  upstreamPath = "";
  const { status, text } = await post(path, body);
  expect(status).toBe(400);
  expect(errorOf(text).message).toContain(JSON.stringify(name));
  expect(upstreamPath).toBe("");
});

test("an unknown path names the base URL of its dialect's clients", async () => {
  const message = async (path: string, headers = {}) =>
    errorOf((await post(path, HELLO, headers)).text).message;
  expect(await message("/v1/unknown")).toMatch(/OpenAI client is http:\/\/\S+\/v1\./);
  expect(await message("/v1/unknown", { "anthropic-version": "2023-06-01" })).toContain(
    ", without /v1.",
  );
  expect(await message("/v1beta/unknown")).toContain("without a version");
});

const WRONG: [string, string, RegExp][] = [
  [
    "/v1/messages",
    HELLO,
    /^The model gpt-6-luna is not supported at POST \/v1\/messages\. For gpt-6-luna use POST \/v1\/chat\/completions or POST \/v1\/responses or POST \/v1\/decisions\. POST \/v1\/messages takes models such as claude-.*Claude Code needs a Claude model\.$/,
  ],
  [
    "/v1/responses",
    JSON.stringify({ model: "claude-sonnet-5-5", input: "hi" }),
    /For claude-sonnet-5-5 use POST \/v1\/chat\/completions or POST \/v1\/messages\. POST \/v1\/responses takes models such as /,
  ],
  [
    "/v1beta/models/gpt-6-luna:generateContent",
    GEMINI,
    /not supported at POST \/v1beta\/models\/\{model\}:generateContent\. For gpt-6-luna use POST \/v1\/chat\/completions .*takes models such as gemini-/,
  ],
  ["/v1/embeddings", HELLO, /takes models such as .*embedding/],
  [
    "/v1/chat/completions",
    HELLO.replace("gpt-6-luna", "text-embedding-3-small"),
    /use POST \/v1\/embeddings\./,
  ],
];

test.each(WRONG)(
  "POST %s with another endpoint's model says what to do",
  async (path, body, words) => {
    const { status, headers, text } = await post(
      path,
      body.replace('"messages"', '"input":"hi","messages"'),
    );
    expect(status).toBe(400);
    expect(errorOf(text).message).toMatch(words);
    expect(errorOf(text).message).not.toMatch(/chat\.completions|messages\.count|gemini\./);
    expect(headers.get("x-should-retry")).toBe("false");
    expect(JSON.stringify(errorOf(text))).not.toContain("not_found");
    expect(JSON.stringify(errorOf(text)).toLowerCase()).toContain("wrong_endpoint");
    // Claude Code stops at this type only: at any other it tries again without each of its optional features.
    if (path === "/v1/messages") expect(errorOf(text).type).toBe("policy_blocked");
  },
);

test.each([
  ["claude-9", /Did you mean claude-/],
  ["claude-opus", /Did you mean claude-opus/],
  ["anthropic/claude-9-ultra-latest", /Did you mean claude-/],
  ["gemini-9000", /Did you mean gemini-/],
  ["gpt-6-lunaa", /Did you mean gpt-6-luna/],
  ["grok", /Did you mean grok-/],
  ["llama-4", /GET \/v1\/models lists all of them/],
])("the unknown model %s is a 404 with suggestions", async (model, words) => {
  const { status, text } = await post("/v1/chat/completions", HELLO.replace("gpt-6-luna", model));
  expect(status).toBe(404);
  expect(errorOf(text).message).toMatch(words);
  expect((await call(`/v1/models/${model}`)).text).toMatch(/Did you mean|lists all of them/);
});

test("an error of OneKey says whether a retry can help", async () => {
  const unknown = await post("/v1/messages", CLAUDE, { authorization: `Bearer ${newKey()}` });
  expect([unknown.status, unknown.headers.get("x-should-retry")]).toEqual([401, "false"]);
  const poor = await createFundedAccount({ credits: 1 });
  const unpaid = await post("/v1/chat/completions", HELLO, { authorization: `Bearer ${poor.key}` });
  expect([unpaid.status, unpaid.headers.get("x-should-retry")]).toEqual([402, "false"]);
  // What Aider looks for before it stops: https://github.com/Aider-AI/aider/blob/main/aider/exceptions.py
  expect(String(errorOf(unpaid.text).message).toLowerCase()).toContain("insufficient credits");
  expect(String(errorOf(unpaid.text).message)).toContain('"code":402');
  for (const [path, init, status] of [
    ["/v1/chat/completions", { method: "POST", body: "{" }, 400],
    ["/v1/chat/completions", { method: "GET" }, 405],
    ["/v1/chat/completions", { method: "POST", body: " ".repeat(33 * 1024 * 1024) }, 413],
  ] as const) {
    const response = await call(path, init);
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([status, "false"]);
  }
});

test("a browser may call the API: preflight, response and error have the headers for it", async () => {
  const origin = { origin: "https://app.example" };
  for (const path of [
    "/v1/chat/completions",
    "/v1/messages",
    `/v1beta/models/${FLASH}`,
    "/v1/models",
    "/v1/unknown",
  ]) {
    const response = await fetch(`${gateway.origin}${path}`, {
      method: "OPTIONS",
      headers: {
        ...origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-stainless-os",
      },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": expect.stringContaining("POST"),
      "access-control-allow-headers": "authorization,content-type,x-stainless-os",
    });
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  }
  for (const [path, body, status] of [
    ["/v1/chat/completions", HELLO, 200],
    ["/v1/chat/completions", "{", 400],
    ["/v1/unknown", HELLO, 404],
  ] as const) {
    const response = await post(path, body, origin);
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    for (const name of [
      "x-onekey-request-id",
      "retry-after",
      "x-should-retry",
      "x-ratelimit-limit-requests",
    ])
      expect(response.headers.get("access-control-expose-headers")).toContain(name);
  }
  expect(
    (await post("/v1/chat/completions", HELLO)).headers.get("access-control-allow-origin"),
  ).toBeNull();
  const plain = await call("/v1/models", { method: "OPTIONS" });
  expect([plain.status, plain.headers.get("allow")]).toEqual([
    204,
    "GET, HEAD, POST, DELETE, OPTIONS",
  ]);
  const forgedPreflight = await call(
    "/v1/models",
    { method: "OPTIONS" },
    {
      ...origin,
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization, bad name",
    },
  );
  expect(forgedPreflight.headers.get("access-control-allow-headers")).toBe(
    "authorization, content-type",
  );
});

test("model lists come by pages where the query asks for them", async () => {
  type Page = { data: { id: string }[]; has_more: boolean; first_id: string; last_id: string };
  const anthropic = async (query: string) =>
    JSON.parse(
      (await call(`/v1/models?${query}`, {}, { "anthropic-version": "2023-06-01" })).text,
    ) as Page;
  const all = (await anthropic("limit=1000")).data.map(({ id }) => id);
  expect(all.length).toBeGreaterThan(4);
  const ids: string[] = [];
  for (let after = ""; ;) {
    const page = await anthropic(`limit=2${after}`);
    expect(page.data.length).toBeLessThanOrEqual(2);
    expect(page.first_id).toBe(page.data[0]?.id);
    ids.push(...page.data.map(({ id }) => id));
    if (!page.has_more) break;
    after = `&after_id=${page.last_id}`;
  }
  expect(ids).toEqual(all);
  const before = await anthropic(`limit=2&before_id=${all[4]}`);
  expect(before.data.map(({ id }) => id)).toEqual(all.slice(2, 4));
  expect(before.has_more).toBe(true);
  type Models = { models: { name: string }[]; nextPageToken?: string };
  const gemini = async (query: string) =>
    JSON.parse((await call(`/v1beta/models?${query}`)).text) as Models;
  const names = (await gemini("")).models.map(({ name }) => name);
  const pagedNames: string[] = [];
  for (let token = ""; ;) {
    const page = await gemini(`pageSize=3&pageToken=${token}`);
    pagedNames.push(...page.models.map(({ name }) => name));
    if (page.nextPageToken === undefined) break;
    token = page.nextPageToken;
  }
  expect(pagedNames).toEqual(names);
  for (const path of ["/v1/models?limit=0", "/v1/models?limit=x", "/v1/models?after_id=none"])
    expect((await call(path, {}, { "anthropic-version": "2023-06-01" })).status).toBe(400);
  expect((await call("/v1beta/models?pageSize=-1")).status).toBe(400);
});
