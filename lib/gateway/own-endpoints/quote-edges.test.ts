import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { revokeProjectKeys } from "@/lib/keys/regenerate";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { listRows } from "@/lib/usage/queries";
import { readAccount } from "../upstream/testing/accounts";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";
import { startMockUpstream } from "../upstream/testing/mock-upstream";

const SECRET = "tulips-of-1637";
const QUOTE = { "x-onekey-quote": "1" };

const upstream = await startMockUpstream();
useMockUpstream(upstream, "first");
useOwnDatabase(ensureIndexes);
let gateway: Awaited<ReturnType<typeof startGateway>>;
let customer: Awaited<ReturnType<typeof createCustomer>>;

beforeAll(async () => {
  gateway = await startGateway();
  customer = await createCustomer();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const messages = [{ role: "user", content: SECRET }];
const CHAT = { model: "gpt-6-luna", max_tokens: 20, messages };
const CLAUDE = { model: "claude-haiku-5-5", max_tokens: 20, messages };
const GEMINI = {
  contents: [{ role: "user", parts: [{ text: SECRET }] }],
  generationConfig: { maxOutputTokens: 20 },
};

function call(path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${customer.key}`, "content-type": "application/json" };
  return fetch(`${gateway.origin}${path}`, {
    ...init,
    headers: { ...headers, ...(init.headers as Record<string, string>) },
  });
}

const quoteOf = (endpoint: string, body: BodyInit, headers: Record<string, string> = {}) =>
  call(`/v1/quote?endpoint=${encodeURIComponent(endpoint)}`, { method: "POST", body, headers });

/** Runs a call and expects that no provider, balance or row has seen it, and no line of output its content. */
async function expectNoTrace<T>(run: () => Promise<T>): Promise<T> {
  const before = await readAccount(customer.accountId);
  const sentCount = upstream.requests.length;
  const output = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const errorOutput = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  let result: T;
  try {
    result = await run();
  } finally {
    const written = JSON.stringify([output.mock.calls, errorOutput.mock.calls]);
    output.mockRestore();
    errorOutput.mockRestore();
    expect(written).not.toContain(SECRET);
  }
  expect(upstream.requests.length).toBe(sentCount);
  const { credits, charged, free, holds } = await readAccount(customer.accountId);
  expect({ credits, charged, free, holds }).toEqual({
    credits: before.credits,
    charged: before.charged,
    free: before.free,
    holds: [],
  });
  const projectId = before.projects[0]?.id ?? "";
  expect((await listRows({ projectId, limit: 1 })).rows).toEqual([]);
  return result;
}

describe("a quote is JSON and leaves no trace", () => {
  const multipart = (model: string) => {
    const form = new FormData();
    form.set("model", model);
    form.set("prompt", SECRET);
    form.set("file", new File([Buffer.alloc(32_044)], "speech.wav", { type: "audio/wav" }));
    return new Response(form);
  };
  const ofForm = async (path: string) => {
    const form = multipart("whisper-1");
    const type = form.headers.get("content-type") ?? "";
    const headers = { ...QUOTE, "content-type": type };
    return call(path, { method: "POST", body: await form.arrayBuffer(), headers });
  };
  const flash = "/v1beta/models/gemini-3.8-flash";
  const cases: [string, () => Promise<Response>][] = [
    [
      "of a chat stream",
      () => quoteOf("/v1/chat/completions", JSON.stringify({ ...CHAT, stream: true })),
    ],
    [
      "of a stream, by the header",
      () =>
        call("/v1/messages", {
          method: "POST",
          body: JSON.stringify({ ...CLAUDE, stream: true }),
          headers: QUOTE,
        }),
    ],
    [
      "of Google's stream of events",
      () =>
        call(`${flash}:streamGenerateContent?alt=sse`, {
          method: "POST",
          body: JSON.stringify(GEMINI),
          headers: QUOTE,
        }),
    ],
    ["of a path without its version", () => quoteOf("/chat/completions", JSON.stringify(CHAT))],
    ["of Google's path", () => quoteOf(`${flash}:generateContent`, JSON.stringify(GEMINI))],
    [
      "of a compressed body",
      () =>
        quoteOf("/v1/messages", gzipSync(JSON.stringify(CLAUDE)), { "content-encoding": "gzip" }),
    ],
    [
      "of an embedding",
      () =>
        quoteOf(
          "/v1/embeddings",
          JSON.stringify({ model: "text-embedding-3-small", input: SECRET }),
        ),
    ],
    ["of a form with a file", () => ofForm("/v1/audio/transcriptions")],
    [
      "of a form at the path of quotes",
      () => ofForm("/v1/quote?endpoint=/v1/audio/transcriptions"),
    ],
  ];

  test.each(cases)("%s", async (_, send) => {
    const response = await expectNoTrace(send);
    const text = await response.text();
    expect({ status: response.status, text }).toMatchObject({ status: 200 });
    expect(response.headers.get("content-type")).toBe("application/json");
    const quote = JSON.parse(text) as { object: string; max_cost_nano: number };
    expect(quote.object).toBe("quote");
    expect(quote.max_cost_nano).toBeGreaterThan(0);
    expect(text).not.toContain(SECRET);
  });

  test("of an endpoint that costs nothing, which is zero", async () => {
    const body = JSON.stringify({ model: "claude-haiku-5-5", messages });
    const response = await expectNoTrace(() => quoteOf("/v1/messages/count_tokens", body));
    expect(await response.json()).toMatchObject({ object: "quote", max_cost_nano: 0 });
  });
});

describe("a quote that cannot be given has the error of its endpoint and leaves no trace", () => {
  const claudeAtResponses = JSON.stringify({ model: "claude-haiku-5-5", input: SECRET });
  test.each([
    ["/v1/chat/completions", `{"model": "gpt-6-luna", "messages": [${SECRET}`, 400, /JSON/],
    ["/v1/chat/completions", "", 400, /./],
    ["/v1/chat/completions", "[]", 400, /./],
    ["/v1/chat/completions", JSON.stringify({ messages }), 400, /model/],
    ["/v1/chat/completions", JSON.stringify({ ...CHAT, model: SECRET }), 404, /./],
    ["/v1/responses", claudeAtResponses, 400, /wrong_endpoint/],
    ["/v1/messages", JSON.stringify(CHAT), 400, /"type":"error".*POST \/v1\/chat\/completions/],
    ["/v1beta/models/gpt-6-luna:generateContent", JSON.stringify(GEMINI), 400, /INVALID_ARGUMENT/],
    [
      "/v1/responses",
      JSON.stringify({ model: "gpt-6-luna", input: SECRET, previous_response_id: "resp_x" }),
      404,
      /./,
    ],
    ["/v1/audio/transcriptions", JSON.stringify(CHAT), 400, /multipart/i],
    ["/v1/models", JSON.stringify(CHAT), 405, /GET/],
    ["/v1/responses/resp_x", JSON.stringify(CHAT), 405, /GET/],
    ["/v1/manage/projects", JSON.stringify(CHAT), 404, /./],
    ["/v1/chat/../messages", JSON.stringify(CLAUDE), 404, /./],
    ["https://example.com/v1/messages", JSON.stringify(CLAUDE), 400, /begins with a slash/],
    ["//example.com/v1/messages", JSON.stringify(CLAUDE), 400, /./],
    ["", JSON.stringify(CLAUDE), 400, /begins with a slash/],
  ])("%s with %s is a %i", async (endpoint, body, status, words) => {
    const response = await expectNoTrace(() => quoteOf(endpoint, body));
    const text = await response.text();
    expect({ status: response.status, text }).toMatchObject({ status });
    expect(text).toMatch(words);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("x-onekey-max-cost")).toBeNull();
  });

  test("a body over the limit is a 413, read no further", async () => {
    const body = Buffer.alloc(70 * 1024 * 1024, " ");
    const response = await expectNoTrace(() => quoteOf("/v1/chat/completions", body));
    expect(response.status).toBe(413);
  });

  test("a revoked key is a 401, before the endpoint is looked at", async () => {
    const { accountId, key } = await createCustomer();
    const { projects } = await readAccount(accountId);
    await revokeProjectKeys({ accountId, projectId: projects[0]?.id ?? "" });
    const response = await call("/v1/quote?endpoint=/v1/messages", {
      method: "POST",
      body: JSON.stringify(CLAUDE),
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status).toBe(401);
  });
});

test("other methods of the path of quotes", async () => {
  const preflight = await call("/v1/quote", {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-method": "POST" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
  for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
    const response = await call("/v1/quote?endpoint=/v1/messages", { method });
    expect([method, response.status]).toEqual([method, 405]);
    expect(response.headers.get("allow")).toBe("POST");
  }
  const head = await call("/v1/messages", { method: "HEAD", headers: QUOTE });
  expect(head.status).toBe(405);
});
