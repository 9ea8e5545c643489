// Longer than 300 lines: a table of charges, and tests that share its upstream and its requests.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { setExactStreamUsage } from "@/lib/accounts/projects";
import { readAccount } from "../upstream/testing/accounts";
import { listUnknownModels } from "@/lib/catalog/unknown-models/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { listRows } from "@/lib/usage/queries";
import { endDrains } from "../upstream/drain";
import { resetChannelHealth } from "../upstream/channel-health";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";
import {
  startMockUpstream,
  withDirective,
  type UpstreamDirective,
} from "../upstream/testing/mock-upstream";

const CREDIT = 1_000_000_000;

vi.stubEnv("DRAIN_SECONDS", "1");
vi.stubEnv("HEADER_TIMEOUT_MS", "3000");
vi.stubEnv("NEW_ACCOUNT_REQUESTS_IN_FLIGHT", "100");
vi.stubEnv("NEW_ACCOUNT_REQUESTS_PER_MINUTE", "1000");
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
afterEach(resetChannelHealth);

type Customer = Awaited<ReturnType<typeof createCustomer>>;

const post = ({ key }: Customer, path: string, body: unknown, init: RequestInit = {}) =>
  fetch(`${gateway.origin}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    ...init,
  });

/** The rows of a customer, once nothing is held any more. */
async function settledRows({ accountId }: Customer) {
  const account = await vi.waitFor(
    async () => {
      const current = await readAccount(accountId);
      if (current.holds.length > 0) throw new Error("A hold is open.");
      return current;
    },
    { timeout: 60_000, interval: 30 },
  );
  const projectId = account.projects[0]?.id ?? "";
  return { account, rows: (await listRows({ projectId, limit: 100 })).rows };
}

const messages = (directive: UpstreamDirective, fields: object = {}) => ({
  model: "claude-haiku-5-5",
  max_tokens: 4_000,
  messages: [{ role: "user", content: withDirective(directive) }],
  ...fields,
});
const responses = (directive: UpstreamDirective, fields: object = {}) => ({
  model: "gpt-6-sol",
  max_output_tokens: 4_000,
  input: withDirective(directive),
  ...fields,
});
const thousand = { input_tokens: 1_000, output_tokens: 1_000 };

const systemBlock = (block: object) => ({ role: "system", content: [block] });
const addition = (definition: object) => ({
  type: "tool_addition",
  tool: { type: "tool_definition", definition },
});
const drive = {
  name: "drive_read",
  description: "read",
  input_schema: { type: "object", properties: { file_id: { type: "string" } } },
};
const withSystem = (block: object) => {
  const body = messages({});
  return { ...body, messages: [...body.messages, systemBlock(block)] };
};

/** Path, body, and the status or the cost (nano-credits) that it must have. */
const CASES: [string, string, unknown, { status?: number; cost?: number }][] = [
  [
    "an advisor in a message",
    "/v1/messages",
    withSystem(addition({ type: "advisor_20260301", name: "advisor", model: "claude-fable-5-1" })),
    { status: 400 },
  ],
  [
    "code execution in a message",
    "/v1/messages",
    withSystem(addition({ type: "code_execution_20250825", name: "code_execution" })),
    { status: 400 },
  ],
  [
    "a second model that draws",
    "/v1/images/generations",
    { model: "gpt-image-2", prompt: "hello", svg: { model: "gpt-6-astra" } },
    { status: 400 },
  ],
  [
    "a tool with a file_id in a message",
    "/v1/messages",
    withSystem(addition(drive)),
    { status: 200 },
  ],
  [
    "the same in a compaction",
    "/v1/messages",
    withSystem({ type: "compaction", content: "s", tool_changes: [addition(drive)] }),
    { status: 200 },
  ],
  [
    "fast asked, standard served",
    "/v1/messages",
    messages(
      { usage: { ...thousand, speed: "standard" } },
      { model: "claude-opus-5-5", speed: "fast" },
    ),
    { cost: 24_000_000 },
  ],
  [
    "us asked, global served",
    "/v1/messages",
    messages(
      { usage: { ...thousand, inference_geo: "global" } },
      { model: "claude-opus-5-5", inference_geo: "us" },
    ),
    { cost: 24_000_000 },
  ],
  [
    "cache writes of two lifetimes",
    "/v1/responses",
    responses(
      {
        usage: {
          input_tokens: 2_000,
          output_tokens: 0,
          total_tokens: 2_000,
          input_tokens_details: {
            cached_tokens: 0,
            cache_write_tokens: 1_000,
            cache_write_tokens_details: { ttl_12h_tokens: 400, ttl_30m_tokens: 600 },
          },
        },
      },
      { prompt_cache_options: { ttl: "12h" } },
    ),
    { cost: 5_500_000 },
  ],
  [
    "a usage of more than 16 KB",
    "/v1/messages",
    messages({
      usage: {
        input_tokens: 90_000,
        output_tokens: 9_000,
        iterations: Array.from({ length: 200 }, () => ({
          type: "message",
          input_tokens: 450,
          output_tokens: 45,
          cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        })),
      },
    }),
    { cost: 90_000 * 100 + 9_000 * 500 },
  ],
  [
    "a stranger's response to compare with",
    "/v1/responses",
    responses({}, { prompt_cache_options: { comparison_response_id: "resp_someoneelses" } }),
    { status: 404 },
  ],
];

test.each(CASES)("%s", async (_, path, body, { status, cost }) => {
  const customer = await createCustomer();
  const response = await post(customer, path, body);
  await response.text();
  expect(response.status).toBe(status ?? 200);
  const { rows } = await settledRows(customer);
  if (cost !== undefined) expect(rows.map((row) => row.cost)).toEqual([cost]);
});

test("a row states what was held and how long OneKey took before the provider did", async () => {
  const customer = await createCustomer();
  const response = await post(
    customer,
    "/v1/messages",
    messages({ usage: thousand, delayMs: 300 }),
  );
  await response.text();
  const [row] = (await settledRows(customer)).rows;
  expect(row?.held).toBe(Math.round(Number(response.headers.get("x-onekey-max-cost")) * CREDIT));
  expect(row?.held).toBeGreaterThan(row?.cost ?? Infinity);
  expect(row?.ownMs).toBeGreaterThanOrEqual(0);
  expect((row?.latencyMs ?? 0) - (row?.ownMs ?? 0)).toBeGreaterThanOrEqual(290);
});

describe("a client that leaves", () => {
  /** Sends a request so many times, and leaves all of them some time after the provider has them. */
  const leave = async (
    customer: Customer,
    path: string,
    body: unknown,
    { afterMs = 100, times = 1 } = {},
  ) => {
    const leaving = new AbortController();
    const before = upstream.requests.length;
    const all = Array.from({ length: times }, () =>
      post(customer, path, body, { signal: leaving.signal })
        .then((response) => response.text())
        .catch(() => null),
    );
    await vi.waitFor(() => expect(upstream.requests.length).toBe(before + times), {
      timeout: 60_000,
      interval: 5,
    });
    await sleep(afterMs);
    leaving.abort();
    await Promise.all(all);
  };
  const usage = { input_tokens: 5_000, output_tokens: 3_000 };

  test("a response that is not streamed is read to its end, and charged as stated", async () => {
    const customer = await createCustomer();
    await leave(customer, "/v1/messages", messages({ usage, delayMs: 600 }));
    const { rows } = await settledRows(customer);
    expect(rows).toMatchObject([
      { endedBy: "client_left", usageSource: "provider", cost: 5_000 * 100 + 3_000 * 500 },
    ]);
  });

  test("a stream with a tool that the provider runs is read to its end", async () => {
    const customer = await createCustomer();
    const events = [
      { type: "response.created", response: { id: "resp_1" } },
      { type: "response.output_text.delta", delta: "Hello" },
      {
        type: "response.completed",
        response: { id: "resp_1", status: "completed", output: [], usage },
      },
    ];
    const body = responses(
      { events, eventDelayMs: 200 },
      { stream: true, tools: [{ type: "web_search" }] },
    );
    await leave(customer, "/v1/responses", body);
    const { rows } = await settledRows(customer);
    expect(rows).toMatchObject([
      { endedBy: "client_left", usageSource: "provider", cost: 5_000 * 2_000 + 3_000 * 10_000 },
    ]);
  });

  test("a stream without such a tool is stopped, and charged for what passed", async () => {
    const customer = await createCustomer();
    const events = Array.from({ length: 40 }, () => ({
      choices: [{ index: 0, delta: { content: "word " } }],
    }));
    const body = {
      model: "gpt-6-luna",
      max_tokens: 2_000,
      stream: true,
      reasoning_effort: "none",
      messages: [{ role: "user", content: withDirective({ events, eventDelayMs: 100 }) }],
    };
    await leave(customer, "/v1/chat/completions", body, { afterMs: 400 });
    const { rows } = await settledRows(customer);
    expect(rows).toMatchObject([{ endedBy: "client_left", usageSource: "estimated" }]);
    expect(rows[0]?.tokens.output).toBeLessThan(15);
  });

  test("a response that outlasts the drain is charged by an estimate of its time", async () => {
    const customer = await createCustomer();
    await leave(customer, "/v1/messages", messages({ usage, delayMs: 8_000 }));
    const { rows } = await settledRows(customer);
    expect(rows).toMatchObject([{ endedBy: "client_left", usageSource: "estimated" }]);
    expect(rows[0]?.cost).toBeGreaterThan(0);
  });

  test("at most ten drains of one account run, and the process's end ends them all", async () => {
    const customer = await createCustomer();
    const body = messages({ usage, delayMs: 800 });
    await leave(customer, "/v1/messages", body, { times: 12 });
    const { rows } = await settledRows(customer);
    const sources = rows.map(({ usageSource }) => usageSource);
    expect(sources.filter((source) => source === "provider")).toHaveLength(10);
    expect(sources.filter((source) => source === "estimated")).toHaveLength(2);

    const last = await createCustomer();
    await leave(last, "/v1/messages", body);
    await sleep(50);
    endDrains();
    expect((await settledRows(last)).rows).toMatchObject([{ usageSource: "estimated" }]);
  });
});

test("a served model that the catalog does not know is charged as asked, and kept for the operator", async () => {
  const customer = await createCustomer();
  const events = [
    { choices: [{ index: 0, delta: { content: "Hi" } }], model: "gpt-4.1-mini-next" },
    {
      choices: [],
      model: "gpt-4.1-mini-next",
      usage: { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 },
    },
    "[DONE]",
  ];
  const response = await post(customer, "/v1/chat/completions", {
    model: "gpt-4o",
    max_tokens: 2_000,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: withDirective({ events }) }],
  });
  expect(response.status).toBe(200);
  await response.text();
  const { rows } = await settledRows(customer);
  expect(rows).toMatchObject([{ model: "gpt-4o", cost: 1_000 * 2_500 + 500 * 10_000 }]);
  await expect
    .poll(() => listUnknownModels())
    .toMatchObject([{ provider: "openai", model: "gpt-4o", servedModel: "gpt-4.1-mini-next" }]);
});

test("a provider that does not respond in time is charged by an estimate, never zero", async () => {
  const customer = await createCustomer();
  const response = await post(customer, "/v1/messages", messages({ delayMs: 6_000 }));
  expect(response.status).toBe(504);
  expect(await response.text()).toContain("estimated and charged");
  const { rows } = await settledRows(customer);
  expect(rows).toMatchObject([{ endedBy: "timeout", status: 504, usageSource: "estimated" }]);
  expect(rows[0]?.cost).toBeGreaterThan(0);
});

test("the output limit that a 402 names fits", async () => {
  const customer = await createCustomer({ credits: 1_000_000 });
  const account = await readAccount(customer.accountId);
  for (let i = 0; i < account.free.requests; i++)
    await (await post(customer, "/v1/messages", messages({}, { max_tokens: 1 }))).text();
  await settledRows(customer);
  const body = messages({}, { max_tokens: 32_000 });
  const response = await post(customer, "/v1/messages", body);
  expect(response.status).toBe(402);
  const limit = Number(/limit its output to (\d+) tokens/.exec(await response.text())?.[1]);
  expect(limit).toBeGreaterThan(100);
  expect((await post(customer, "/v1/messages", { ...body, max_tokens: limit })).status).toBe(200);
});

test("forty searches in parallel on a balance of 20 do not overspend it", async () => {
  const customer = await createCustomer({ credits: 20 * CREDIT });
  const usage = {
    input_tokens: 400_000,
    output_tokens: 4_000,
    server_tool_use: { web_search_requests: 60 },
  };
  const body = messages(
    { usage, delayMs: 200 },
    { tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 60 }] },
  );
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const response = await post(customer, "/v1/messages", body);
      await response.text();
      return response.status;
    }),
  );
  const { account, rows } = await settledRows(customer);
  expect(statuses.filter((status) => status === 200).length).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(1);
  expect(account.credits).toBeGreaterThanOrEqual(0);
  expect((await audit()).problems).toEqual([]);
});

test.each([
  ["xAI", "grok-4.3", 50_000_000],
  ["another provider", "gpt-6-luna", 0],
])(
  "a refused prompt costs what the provider charges for refusing it: %s",
  async (_, model, cost) => {
    const error = {
      code: "The caller does not have permission to execute the specified operation",
      error: "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_X",
    };
    const customer = await createCustomer();
    const response = await post(customer, "/v1/chat/completions", {
      model,
      max_tokens: 10,
      messages: [{ role: "user", content: withDirective({ status: 403, error }) }],
    });
    expect(response.status).toBe(403);
    await response.text();
    const { rows } = await settledRows(customer);
    expect(rows).toMatchObject([{ endedBy: "provider_error", cost }]);
  },
);

describe("exact stream usage", () => {
  const usage = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 };
  const events = [
    { choices: [{ index: 0, delta: { content: "Hello" } }] },
    { choices: [], usage },
    "[DONE]",
  ];
  const body = {
    model: "gpt-6-luna",
    max_tokens: 2_000,
    stream: true,
    reasoning_effort: "none",
    messages: [{ role: "user", content: withDirective({ events }) }],
  };
  const send = async (customer: Customer, header?: string) => {
    const response = await post(customer, "/v1/chat/completions", body, {
      headers: {
        authorization: `Bearer ${customer.key}`,
        "content-type": "application/json",
        ...(header === undefined ? {} : { "x-onekey-exact-usage": header }),
      },
    });
    return { status: response.status, text: await response.text() };
  };
  const plain = JSON.stringify(body);
  const asking = `{"stream_options":{"include_usage":true},${plain.slice(1)}`;

  test("a header asks for the usage of one stream, and its chunk is removed", async () => {
    const customer = await createCustomer();
    const exact = await send(customer, "1");
    expect(upstream.lastBody()).toBe(asking);
    expect(exact.text).not.toContain('prompt_tokens":1000');
    expect(exact.text).toContain("[DONE]");
    await send(customer);
    expect(upstream.lastBody()).toBe(plain);
    expect((await send(customer, "yes")).status).toBe(400);
    const { rows } = await settledRows(customer);
    expect(rows.some(({ usageSource, cost }) => usageSource === "provider" && cost > 0)).toBe(true);
  });

  test("a project's switch holds from the next request on, and a header overrides it", async () => {
    const customer = await createCustomer();
    const { accountId } = customer;
    const projectId = (await readAccount(accountId)).projects[0]?.id ?? "";
    await send(customer);
    expect(upstream.lastBody()).toBe(plain);
    await setExactStreamUsage({ accountId, projectId, isOn: true });
    await send(customer);
    expect(upstream.lastBody()).toBe(asking);
    await send(customer, "0");
    expect(upstream.lastBody()).toBe(plain);
    await setExactStreamUsage({ accountId, projectId, isOn: false });
    await send(customer);
    expect(upstream.lastBody()).toBe(plain);
    const otherCustomer = await createCustomer();
    await expect(
      setExactStreamUsage({ accountId: otherCustomer.accountId, projectId, isOn: true }),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});
