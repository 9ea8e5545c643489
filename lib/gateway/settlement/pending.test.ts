import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { chat, createFundedAccount, useOwnGateway } from "@/e2e/support/own-gateway";
import { findById } from "@/lib/accounts/queries";
import { audit } from "@/lib/maintenance/audit";

const gateway = useOwnGateway();
const { beforeResponse, respond } = gateway;

afterEach(() => {
  Object.assign(gateway, { beforeResponse, respond });
});

const words = "several words of a response that states no usage ".repeat(10);
const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const STREAM = Buffer.from(`${chunk(words).repeat(10)}data: [DONE]\n\n`);

/** A request that can cost more than all of the credits, so that one runs at a time. */
const unlimitedBody = (stream: boolean) =>
  JSON.stringify({
    model: "gpt-6-luna",
    stream,
    max_completion_tokens: 19_660,
    reasoning_effort: "none",
    messages: [{ role: "user", content: "Hello" }],
  });

/** The sum of what an account's credits were and what was charged is what was posted. */
async function expectBalanced(accountId: string): Promise<void> {
  await expect.poll(async () => (await findById(accountId))?.holds).toEqual([]);
  expect(
    (await audit()).problems.filter((problem) => JSON.stringify(problem).includes(accountId)),
  ).toEqual([]);
}

test.each([
  ["compressed", { "content-encoding": "gzip" }, gzipSync(STREAM)],
  ["estimated", {}, STREAM],
])("a request right after a response that is %s is not a 402", async (_, headers, body) => {
  gateway.respond = (res) => {
    res.writeHead(200, { "content-type": "text/event-stream", ...headers }).end(body);
  };
  const { key } = await createFundedAccount({ credits: 9_500_000 });
  const statuses: number[] = [];
  for (let i = 0; i < 6; i++) {
    const response = await chat(gateway.origin, key, unlimitedBody(true));
    await response.text();
    statuses.push(response.status);
  }
  expect(statuses).not.toContain(402);
  expect(statuses).toContain(200);
});

/** The status of a request that is sent again, as clients do, while others hold the credits. */
async function statusOfRetried(key: string): Promise<number> {
  for (;;) {
    const response = await chat(gateway.origin, key, unlimitedBody(false));
    const text = await response.text();
    if (response.status !== 429) return response.status;
    expect(JSON.parse(text)).toMatchObject({ error: { code: "in_flight_budget" } });
  }
}

test("agents that run at the same time on a small balance all end, and the books balance", async () => {
  const { key, accountId } = await createFundedAccount({ credits: 9_000_000 });
  let [inFlight, maximum] = [0, 0];
  gateway.beforeResponse = async () => {
    maximum = Math.max(maximum, ++inFlight);
    await sleep(150);
    inFlight--;
  };
  const agent = async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn++) statuses.push(await statusOfRetried(key));
    return statuses;
  };
  const turns = await Promise.all([agent(), agent(), agent(), agent()]);
  expect(turns.flat()).toEqual(Array.from({ length: 12 }, () => 200));
  expect(maximum).toBe(1);
  await expectBalanced(accountId);
});

test("what does not end in time is a 429 with the code in_flight_budget and Retry-After", async () => {
  let release = () => {};
  gateway.beforeResponse = () => new Promise<void>((resolve) => (release = resolve));
  const { key } = await createFundedAccount({ credits: 9_000_000 });
  const before = gateway.received;
  const first = chat(gateway.origin, key, unlimitedBody(false));
  while (gateway.received === before) await sleep(5);
  const refusal = await chat(gateway.origin, key, unlimitedBody(false));
  expect(refusal.status).toBe(429);
  expect(refusal.headers.get("retry-after")).toMatch(/^\d+$/);
  const { error } = (await refusal.json()) as { error: Record<string, string> };
  expect(error).toMatchObject({ type: "rate_limit_error", code: "in_flight_budget" });
  expect(error.message).toContain("0.009000000 are held by 1 request in flight");
  release();
  expect((await first).status).toBe(200);
});
