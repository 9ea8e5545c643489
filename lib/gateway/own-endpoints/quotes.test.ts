// Longer than 300 lines: all tests share one upstream, and compare quotes with charges.

import { randomInt } from "node:crypto";
import { once } from "node:events";
import { request as createRequest, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { setLimits } from "@/lib/accounts/limits";
import { listModels } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { rememberIds } from "@/lib/stored-responses/ids";
import { listRows } from "@/lib/usage/queries";
import { countTokens } from "../meter/tokens";
import { readAccount } from "../upstream/testing/accounts";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";
import { startMockUpstream, withDirective } from "../upstream/testing/mock-upstream";

const CREDIT = 1_000_000_000;
const REQUESTS = process.env.ONEKEY_TEST_LONG ? 10_000 : 200;

const upstream = await startMockUpstream();
useMockUpstream(upstream, "first");
useOwnDatabase(ensureIndexes);
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

type Customer = Awaited<ReturnType<typeof createCustomer>>;
type QuoteBody = {
  model: string;
  endpoint: string;
  max_cost: string;
  max_cost_nano: number;
  expected_cost_nano: number;
  output_limit: number | null;
  output_limit_that_fits: number | null;
  accepted: boolean;
  free: boolean;
  service_tier: string | null;
  rates: Record<string, unknown>;
  refusal: { status: number; code: string; message: string } | null;
  limits: Record<string, { limit: number | string; remaining: number | string } | null>;
  balance: Record<string, unknown>;
};

const post = (
  { key }: Customer,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) =>
  fetch(`${gateway.origin}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

async function quoteFor(customer: Customer, path: string, body: unknown): Promise<QuoteBody> {
  const response = await post(customer, path, body, { "x-onekey-quote": "1" });
  const value = (await response.json()) as QuoteBody;
  expect(response.status, JSON.stringify(value)).toBe(200);
  return value;
}

/** A customer whose free requests are used. */
async function payer(credits: number): Promise<Customer & { projectId: string }> {
  const customer = await createCustomer({ credits });
  await accounts.updateOne(
    { _id: customer.accountId },
    { $set: { "free.requests": 0, "free.credits": 0 } },
  );
  const account = await readAccount(customer.accountId);
  return { ...customer, projectId: account.projects[0]?.id ?? "" };
}

const message = (limit = 1_000) => ({
  model: "claude-haiku-5-5",
  max_tokens: limit,
  messages: [{ role: "user", content: "Hello" }],
});

const waitUntilSettled = async ({ accountId }: Customer) =>
  vi.waitFor(
    async () => {
      const account = await readAccount(accountId);
      if (account.holds.length > 0) throw new Error("A hold is open.");
      return account;
    },
    { timeout: 60_000, interval: 20 },
  );

test("a quote forwards, holds and charges nothing, and says the same at both addresses", async () => {
  const customer = await payer(CREDIT);
  const before = { account: await readAccount(customer.accountId), sent: upstream.requests.length };
  const byHeader = await quoteFor(customer, "/v1/messages", message());
  const byPath = await (await post(customer, "/v1/quote?endpoint=/v1/messages", message())).json();
  expect(byPath).toEqual(byHeader);
  expect(byHeader).toMatchObject({
    object: "quote",
    model: "claude-haiku-5-5",
    provider: "anthropic",
    endpoint: "messages",
    accepted: true,
    free: false,
    refusal: null,
    output_limit: 1_000,
    balance: { credits_nano: CREDIT, held_nano: 0, free_requests: 0 },
  });
  expect(byHeader.expected_cost_nano).toBeLessThanOrEqual(byHeader.max_cost_nano);
  expect(byHeader.rates).toMatchObject({ input: expect.any(String), output: expect.any(String) });
  const after = await readAccount(customer.accountId);
  expect(upstream.requests.length).toBe(before.sent);
  expect(after.credits).toBe(before.account.credits);
  expect(after.holds).toEqual([]);
  expect((await listRows({ projectId: customer.projectId, limit: 10 })).rows).toEqual([]);
});

describe("a quote that cannot be given", () => {
  test.each([
    ["names no endpoint", "/v1/quote", 400, /endpoint=/],
    ["names an endpoint that does not exist", "/v1/quote?endpoint=/v1/nothing", 404, /./],
    ["names the quote itself", "/v1/quote?endpoint=/v1/quote", 400, /endpoint=/],
    ["has another parameter", "/v1/quote?endpoint=/v1/messages&fields=x", 400, /fields/],
  ])("a quote that %s is refused", async (_, path, status, text) => {
    const response = await post(await payer(CREDIT), path, message());
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(text);
  });

  test("what is no chat request, or has no key, gets the error of its endpoint", async () => {
    const customer = await payer(CREDIT);
    const unknownModel = { ...message(), model: "claude-nope" };
    const path = "/v1/quote?endpoint=/v1/messages";
    expect((await post(customer, path, unknownModel)).status).toBe(404);
    const wrongKey = { accountId: "", key: "sk-onekey-wrong" };
    const response = await post(wrongKey, path, message());
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ type: "error" });
    const method = await fetch(`${gateway.origin}/v1/quote`, {
      headers: { authorization: `Bearer ${customer.key}` },
    });
    expect(method.status).toBe(405);
  });
});

test("any value of the header but 0 asks for a quote", async () => {
  const customer = await payer(CREDIT);
  const sentCount = upstream.requests.length;
  for (const value of ["1", "true", "yes"]) {
    const response = await post(customer, "/v1/messages", message(), { "x-onekey-quote": value });
    expect(await response.json()).toMatchObject({ object: "quote" });
  }
  expect(upstream.requests.length).toBe(sentCount);
  const real = await post(customer, "/v1/messages", message(), { "x-onekey-quote": "0" });
  expect(real.status).toBe(200);
  expect(upstream.requests.length).toBe(sentCount + 1);
});

test("a quote of reading or deleting a stored response does neither", async () => {
  const customer = await createCustomer();
  const { accountId } = customer;
  const id = "resp_quote1";
  await rememberIds({ accountId, channel: "openai-1", ids: [id] });
  const call = (method: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.origin}/v1/responses/${id}`, {
      method,
      headers: { authorization: `Bearer ${customer.key}`, ...headers },
    });
  expect((await call("GET")).status).toBe(200);
  const sentCount = upstream.requests.length;
  for (const method of ["GET", "DELETE"])
    expect((await call(method, { "x-onekey-quote": "1" })).status, method).toBe(400);
  expect(upstream.requests.length).toBe(sentCount);
});

test("a quote says which limit would refuse the request", async () => {
  const customer = await payer(10 * CREDIT);
  const { accountId, projectId } = customer;
  const limits = { requestsPerMinute: 5, creditsPerMonth: 1_000, models: ["claude-haiku-5-5"] };
  await setLimits({ accountId, projectId, limits });
  const month = await quoteFor(customer, "/v1/messages", message());
  expect(month, JSON.stringify(month.refusal)).toMatchObject({
    accepted: false,
    refusal: { status: 429, code: "rate_limited" },
  });
  expect(month.limits).toMatchObject({
    project_requests_per_minute: { limit: 5, remaining: 5 },
    project_credits_per_month: { limit: "0.000001000", remaining: "0.000001000" },
  });
  const otherQuote = await quoteFor(customer, "/v1/messages", {
    ...message(),
    model: "claude-opus-5-5",
  });
  expect(otherQuote).toMatchObject({ accepted: false, refusal: { status: 403 } });
});

test("a request whose tokens are counted still meets its project's list of models", async () => {
  const text = "You are a coding agent. Read src/server/index.ts. ".repeat(400);
  const body = { ...message(10), messages: [{ role: "user", content: text }] };
  const full = await quoteFor(await payer(CREDIT), "/v1/messages", body);
  const customer = await payer(Math.ceil(full.max_cost_nano / 2.1));
  const { accountId, projectId } = customer;
  await setLimits({ accountId, projectId, limits: { models: ["claude-haiku-5-5"] } });
  const response = await post(customer, "/v1/messages", body);
  expect(response.status, await response.text()).toBe(200);
  await waitUntilSettled(customer);
  const { rows } = await listRows({ projectId, limit: 1 });
  expect(rows).toMatchObject([{ model: "claude-haiku-5-5", endpoint: "messages" }]);
});

test("a quote counts as a request of the account's minute in its instance", async () => {
  vi.stubEnv("ACCOUNT_REQUESTS_PER_MINUTE", "3");
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  try {
    const customer = await payer(CREDIT);
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const response = await post(customer, "/v1/messages", message(), { "x-onekey-quote": "1" });
      statuses.push(response.status);
      await response.arrayBuffer();
    }
    // A minute may begin in between.
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
    expect(statuses[0]).toBe(200);
  } finally {
    vi.stubEnv("ACCOUNT_REQUESTS_PER_MINUTE", "1000000");
    delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  }
});

test("heads state the maximum, and the cost where the response has arrived with its head", async () => {
  const customer = await payer(CREDIT);
  const quote = await quoteFor(customer, "/v1/messages", message());
  const response = await post(customer, "/v1/messages", message());
  expect(response.headers.get("x-onekey-max-cost")).toBe(quote.max_cost);
  const cost = response.headers.get("x-onekey-cost");
  const id = response.headers.get("x-onekey-request-id");
  // The row is waited for: no test has to ask again.
  const row = (await (
    await fetch(`${gateway.origin}/v1/usage/${id}`, {
      headers: { authorization: `Bearer ${customer.key}` },
    })
  ).json()) as { cost: string };
  expect(row.cost).toBe(cost);
  const refusal = await post(customer, "/v1/messages", {
    ...message(),
    messages: [{ role: "user", content: withDirective({ status: 400, error: { error: {} } }) }],
  });
  expect(refusal.status).toBe(400);
  expect(refusal.headers.get("x-onekey-cost")).toBe("0.000000000");
  expect(refusal.headers.get("x-onekey-max-cost")).not.toBeNull();
  const poor = await post(await payer(10), "/v1/messages", message());
  expect(poor.status).toBe(402);
  const poorMax = Number(poor.headers.get("x-onekey-max-cost"));
  // Counted by the tokenizer, as the balance did not cover a token a byte.
  expect(poorMax).toBeGreaterThan(0);
  expect(poorMax).toBeLessThanOrEqual(Number(quote.max_cost));
});

/** A request of the dialect of a model; `usage` is what the provider states that it used. */
function requestOf(model: Model, { limit, text }: { limit: number | null; text: string }) {
  const of = (usage: Record<string, number>) => `${text} ${withDirective({ usage })}`;
  const input = Math.floor(text.length / 2);
  const output = limit ?? 500;
  if (model.endpoints.includes("messages"))
    return {
      path: "/v1/messages",
      body: {
        model: model.id,
        max_tokens: limit ?? 2_000,
        messages: [{ role: "user", content: of({ input_tokens: input, output_tokens: output }) }],
      },
      limitField: "max_tokens",
    };
  if (model.endpoints.includes("responses"))
    return {
      path: "/v1/responses",
      body: {
        model: model.id,
        input: of({ input_tokens: input, output_tokens: output }),
        ...(limit === null ? {} : { max_output_tokens: limit }),
      },
      limitField: "max_output_tokens",
    };
  return {
    path: "/v1/chat/completions",
    body: {
      model: model.id,
      messages: [
        { role: "user", content: of({ prompt_tokens: input, completion_tokens: output }) },
      ],
      ...(limit === null ? {} : { max_tokens: limit }),
    },
    limitField: "max_tokens",
  };
}

const MODELS = listModels().filter(
  ({ kind, endpoints, agents = 1 }) =>
    kind === "text" &&
    agents === 1 &&
    endpoints.some((name) => /^(messages|responses|chat\.completions)$/.test(name)),
);

const randomRequest = () => {
  const model = MODELS[randomInt(MODELS.length)];
  if (!model) throw new Error("The catalog is empty.");
  const maxOutput = Math.min(model.maxOutputUnstreamed ?? model.maxOutput, model.maxOutput);
  const limit = randomInt(4) === 0 ? null : randomInt(1, maxOutput);
  return requestOf(model, { limit, text: "word ".repeat(randomInt(1, 2_000)) });
};

test(`of ${REQUESTS} random requests none costs more than its quote, and the limit of a 402 is accepted`, async () => {
  const rich = await payer(1_000_000 * CREDIT);
  // Until it is loaded, which takes a busy machine a while, maxima are counted by bytes.
  while ((await countTokens("Hello")) === null);
  let [chargeCount, limitCount] = [0, 0];
  const check = async (poor: Customer) => {
    const { path, body, limitField } = randomRequest();
    const description = JSON.stringify({
      path,
      model: body.model,
      limit: (body as never)[limitField],
    });
    const quote = await quoteFor(rich, path, body);
    expect(quote.expected_cost_nano, description).toBeLessThanOrEqual(quote.max_cost_nano);
    const response = await post(rich, path, body);
    expect(response.status, description).toBe(200);
    await response.arrayBuffer();
    expect(response.headers.get("x-onekey-max-cost"), description).toBe(quote.max_cost);
    const cost = Number(response.headers.get("x-onekey-cost")) * CREDIT;
    expect(cost, description).toBeGreaterThan(0);
    expect(cost, description).toBeLessThanOrEqual(quote.max_cost_nano);
    chargeCount++;
    // The same with a balance that is too small.
    const credits = Math.max(1, Math.floor(quote.max_cost_nano * Math.random() * 0.49));
    await accounts.updateOne({ _id: poor.accountId }, { $set: { credits } });
    const poorQuote = await quoteFor(poor, path, body);
    const refusal = await post(poor, path, body);
    const text = await refusal.text();
    expect(refusal.status === 200, description + text).toBe(poorQuote.accepted);
    // Its settlement would change the balance between the next quote and its request.
    if (refusal.status === 200) await waitUntilSettled(poor);
    const fits = Number(/limit its output to (\d+) tokens/.exec(text)?.[1] ?? 0);
    if (refusal.status !== 402 || fits === 0) return;
    expect(poorQuote.output_limit_that_fits, description).toBe(fits);
    expect(poorQuote.refusal, description).toMatchObject({ status: 402 });
    const within = await post(poor, path, { ...body, [limitField]: fits });
    expect(within.status, `${description} ${text} ${await within.text()}`).toBe(200);
    limitCount++;
    await waitUntilSettled(poor);
  };
  const lines = await Promise.all(Array.from({ length: 20 }, () => payer(CREDIT)));
  await Promise.all(
    lines.map(async (poor) => {
      for (let i = 0; i < REQUESTS / lines.length; i++) await check(poor);
    }),
  );
  await waitUntilSettled(rich);
  expect(chargeCount).toBe(REQUESTS);
  // Some balances are too small for any output.
  expect(limitCount).toBeGreaterThan(REQUESTS / 50);
}, 1_800_000);

/** Sends a message with `TE: trailers`, which fetch cannot, and returns the complete response. */
async function sendWithTrailers({ key }: Customer, body: unknown) {
  const request = createRequest(`${gateway.origin}/v1/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      te: "trailers",
      connection: "TE",
    },
  });
  request.end(JSON.stringify(body));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const id = String(response.headers["x-onekey-request-id"]);
  const early = fetch(`${gateway.origin}/v1/usage/${id}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  response.resume();
  await once(response, "end");
  return { response, row: (await (await early).json()) as { cost: string; usage_source: string } };
}

const events = [
  { type: "message_start", message: { usage: { input_tokens: 50, output_tokens: 1 } } },
  { type: "message_delta", usage: { input_tokens: 50, output_tokens: 40 } },
  { type: "message_stop" },
];

test.each([
  ["a stream", { events, eventDelayMs: 100 }, "provider"],
  ["a stream without usage", { events: events.slice(2) }, "estimated"],
])(
  "%s states its cost as a trailer, and its row is waited for while it runs",
  async (_, directive, source) => {
    const { response, row } = await sendWithTrailers(await payer(CREDIT), {
      ...message(),
      stream: true,
      messages: [{ role: "user", content: withDirective(directive) }],
    });
    expect(response.headers.trailer).toBe("x-onekey-cost");
    expect(response.headers["x-onekey-cost"]).toBeUndefined();
    expect(row.usage_source).toBe(source);
    expect(response.trailers["x-onekey-cost"]).toBe(row.cost);
    expect(Number(row.cost)).toBeGreaterThan(0);
  },
);

test("a usage row of another project, or of no request, is a 404 without a wait", async () => {
  const [owner, otherQuote] = [await payer(CREDIT), await payer(CREDIT)];
  const response = await post(owner, "/v1/messages", message());
  const id = response.headers.get("x-onekey-request-id");
  for (const path of [`/v1/usage/${id}`, `/v1/usage/req_${"0".repeat(22)}`]) {
    const missing = await fetch(`${gateway.origin}${path}`, {
      headers: { authorization: `Bearer ${otherQuote.key}` },
    });
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain("There is no such request.");
  }
});
