import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createUsageReader } from "@/lib/gateway/meter/reader";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { reconcile } from "./reconcile";

const DAY_MS = 86_400_000;
const DAY = new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10);
const NEXT_DAY = new Date(Date.parse(DAY) + DAY_MS);
const calls: { url: string; headers: Record<string, unknown> }[] = [];
let server: Server;

/** What the providers' cost reports say of the day, a page at a time. */
const REPORTS: Record<string, unknown> = {
  "/openai/v1/organization/costs": {
    data: [
      {
        results: [
          {
            amount: {
              value: 0.005,
              currency: "usd",
            },
            line_item: "gpt-6-luna, input",
          },
        ],
      },
    ],
    has_more: true,
    next_page: "2",
  },
  "/openai/v1/organization/costs 2": {
    data: [
      {
        results: [
          { amount: { value: "0.002", currency: "usd" }, line_item: "gpt-6-luna, output" },
          { amount: { value: 0.1, currency: "usd" }, line_item: "gpt-4o-2024-08-06, input" },
          { amount: { value: 0.03, currency: "usd" }, line_item: "Code Interpreter Usage" },
        ],
      },
    ],
    has_more: false,
  },
  "/anthropic/v1/organizations/cost_report": {
    data: [
      {
        results: [
          { amount: "1.25", currency: "USD", model: "claude-haiku-5-5", description: "input" },
        ],
      },
    ],
    has_more: false,
  },
};

useOwnDatabase();

beforeAll(async () => {
  server = createServer((req, res) => {
    const url = new URL(req.url ?? "", "http://mock");
    calls.push({ url: `${url.pathname}${url.search}`, headers: req.headers });
    const page = url.searchParams.get("page");
    const report = REPORTS[page === null ? url.pathname : `${url.pathname} ${page}`];
    res
      .writeHead(report ? 200 : 404, { "content-type": "application/json" })
      .end(JSON.stringify(report ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  vi.stubEnv(
    "ONEKEY_SANDBOX_PROVIDERS",
    `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
  );
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

let count = 0;
const row = (provider: string, model: string, cost: number, overrides: Partial<UsageRow> = {}) =>
  recordUsage({
    _id: `req_${++count}`,
    accountId: "usr_1",
    projectId: "prj_1",
    at: new Date(`${DAY}T23:59:59Z`),
    model,
    provider,
    channel: "c-1",
    endpoint: "responses",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost,
    free: false,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
    ...overrides,
  });

test("OpenAI's report is summed by model over its pages, and what is no model is apart", async () => {
  await row("openai", "gpt-6-luna", 4_000_000);
  await row("openai", "gpt-6-luna", 3_000_000, { free: true, usageSource: "estimated" });
  await row("openai", "gpt-4o", 90_000_000);
  await row("openai", "gpt-6-luna", 9_000_000, { at: NEXT_DAY });
  const { models, other: otherCosts } = await reconcile({ provider: "openai", day: DAY });
  expect(models).toEqual([
    {
      model: "gpt-4o",
      requests: 1,
      estimated: 0,
      ours: 90_000_000,
      theirs: 100_000_000,
      difference: -10_000_000,
    },
    {
      model: "gpt-6-luna",
      requests: 2,
      estimated: 1,
      ours: 7_000_000,
      theirs: 7_000_000,
      difference: 0,
    },
  ]);
  expect(otherCosts).toEqual([{ item: "Code Interpreter Usage", cost: 30_000_000 }]);
  expect(calls[0]?.url).toContain(
    `start_time=${Date.parse(DAY) / 1_000}&end_time=${Date.parse(DAY) / 1_000 + 86_400}`,
  );
  expect(calls[0]?.headers.authorization).toBe("Bearer sandbox-admin");
});

test("Anthropic's report is in cents", async () => {
  await row("anthropic", "claude-haiku-5-5", 12_500_000);
  const { models } = await reconcile({ provider: "anthropic", day: DAY });
  expect(models).toMatchObject([{ model: "claude-haiku-5-5", theirs: 12_500_000, difference: 0 }]);
  expect(calls.at(-1)?.url).toContain(
    `starting_at=${DAY}T00:00:00.000Z&ending_at=${NEXT_DAY.toISOString()}`,
  );
});

test("xAI's requests are held against what each of them stated", async () => {
  await row("xai", "grok-4.7", 1_000, { statedCost: 1_000 });
  await row("xai", "grok-4.7", 2_000, { statedCost: 1_500 });
  await row("xai", "grok-4.3", 70, { statedCost: 90 });
  const { models, requests } = await reconcile({ provider: "xai", day: DAY });
  expect(models).toMatchObject([
    { model: "grok-4.7", requests: 2, ours: 3_000, theirs: 2_500, difference: 500 },
    { model: "grok-4.3", requests: 1, ours: 70, theirs: 90, difference: -20 },
  ]);
  expect(requests.map(({ cost, stated: providerCost }) => [cost, providerCost])).toEqual([
    [2_000, 1_500],
    [70, 90],
  ]);
});

test("a provider without a report says so", async () => {
  await expect(reconcile({ provider: "google", day: DAY })).rejects.toMatchObject({
    code: "bad_request",
  });
});

test.each([
  [
    "a complete response",
    "application/json",
    (usage: object) => JSON.stringify({ choices: [], usage }),
  ],
  [
    "a stream",
    "text/event-stream",
    (usage: object) => `data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`,
  ],
])(
  "the cost that xAI states in %s is read, in nano-credits, and nobody else's is",
  async (_, contentType, body) => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      cost_in_usd_ticks: 37_756_001,
    };
    for (const provider of ["xai", "openai"] as const) {
      const reader = createUsageReader({ endpoint: "chat.completions", provider, contentType });
      reader.push(Buffer.from(body(usage)));
      reader.end();
      await reader.settled();
      expect(reader.usage()?.statedCost).toBe(provider === "xai" ? 3_775_601 : undefined);
    }
  },
);
