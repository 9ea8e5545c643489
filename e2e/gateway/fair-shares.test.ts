import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "@/lib/ids";
import { chatHead, openRaw } from "../support/own-gateway";
import { launchServer, stopAll } from "../support/processes";
import {
  messageWith,
  chat,
  createCustomer,
  ADAPTERS,
  onekey,
  countReceived,
  releaseResponses,
  waitUntilSettled,
  deployment,
} from "../support/shared-deployment";

const MODEL = "gpt-6-luna";
let origins: string[] = [];

/** Two servers on one database, with the limits that an operator has who sets none. */
beforeAll(async () => {
  const environment = {
    ...deployment.environment,
    NEW_ACCOUNT_REQUESTS_PER_MINUTE: "",
    NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "",
    ACCOUNT_REQUESTS_PER_MINUTE: "",
  };
  const servers = [
    await launchServer({ environment, hasPages: false }),
    await launchServer({ environment, adapter: "the Next route handler" }),
  ];
  origins = servers.map(({ origin }) => origin);
});
afterAll(stopAll);

const origin = (i: number) => origins[i % origins.length] ?? "";

function moderate(i: number, key: string): Promise<Response> {
  return fetch(`${origin(i)}/v1/moderations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ input: "hi" }),
  });
}

/** Leaves at least 25 s of the minute that is counted. */
async function earlyInTheMinute(): Promise<void> {
  const elapsedMs = Date.now() % 60_000;
  if (elapsedMs > 35_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - elapsedMs));
}

test("a new account sends 60 requests a minute through two servers, more once it paid", async () => {
  const { key, email } = await createCustomer();
  await earlyInTheMinute();
  const statuses: number[] = [];
  const refusals: Response[] = [];
  const next = { i: 0 };
  const send = async (until: number) => {
    while (next.i < until) {
      const response = await moderate(next.i++, key);
      await response.clone().text();
      statuses.push(response.status);
      if (response.status === 429) refusals.push(response);
    }
  };
  await Promise.all([send(80), send(80), send(80)]);
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  for (const { headers } of refusals) {
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(headers.get("x-ratelimit-limit-requests")).toBe("60");
  }
  await onekey("credits", "grant", "--email", email, "--amount", "1", "--reason", "test");
  statuses.length = 0;
  await Promise.all([send(180), send(180), send(180)]);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test("a new account has 10 requests in flight through two servers, others their own", async () => {
  const { key, email } = await createCustomer();
  const body = { model: MODEL, max_tokens: 10, messages: [messageWith({ hold: true })] };
  const before = await countReceived();
  const open = Array.from({ length: 10 }, (_, i) => chat(origin(i), key, body));
  while ((await countReceived()) - before < 10)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const i of [0, 1]) {
    const response = await chat(origin(i), key, body);
    expect(response.status).toBe(429);
    expect(await response.text()).toContain("10 requests in flight");
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    const otherCustomer = await createCustomer();
    expect((await moderate(i, otherCustomer.key)).status).toBe(200);
  }
  expect((await countReceived()) - before).toBe(12);
  await releaseResponses();
  for (const response of await Promise.all(open)) expect(response.status).toBe(200);
  await waitUntilSettled(email);
  expect((await moderate(0, key)).status).toBe(200);
});

describe.each(ADAPTERS)("through %s", (_, adapter) => {
  test("an unknown key is a 401 without its body", async () => {
    const { socket, waitFor } = openRaw(
      Number(new URL(adapter).port),
      chatHead(newKey(), 1_000_000),
    );
    expect(await waitFor(/\r\n\r\n.*\}\}/s)).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });
});
