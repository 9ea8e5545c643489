import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "@/lib/ids";
import { chatHead, openRaw } from "../support/own-gateway";
import { launchServer, stopAll } from "../support/processes";
import {
  ask,
  chat,
  customer,
  DOORS,
  onekey,
  received,
  release,
  settled,
  stage,
} from "../support/deployment";

const MODEL = "gpt-4o-mini";
let origins: string[] = [];

/** Two servers on one database, with the limits that an operator has who sets none. */
beforeAll(async () => {
  const environment = {
    ...stage.environment,
    NEW_ACCOUNT_REQUESTS_PER_MINUTE: "",
    NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "",
    ACCOUNT_REQUESTS_PER_MINUTE: "",
  };
  const servers = [
    await launchServer({ environment }),
    await launchServer({ environment, door: "Next's door" }),
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
  const gone = Date.now() % 60_000;
  if (gone > 35_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - gone));
}

test("a new account sends exactly 60 requests per minute through two servers, and more after a purchase", async () => {
  const { key, email } = await customer();
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

test("a new account has 10 requests in flight through two servers, and another account is not affected", async () => {
  const { key, email } = await customer();
  const body = { model: MODEL, max_tokens: 10, messages: [ask({ hold: true })] };
  const before = await received();
  const open = Array.from({ length: 10 }, (_, i) => chat(origin(i), key, body));
  while ((await received()) - before < 10) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const i of [0, 1]) {
    const refused = await chat(origin(i), key, body);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain("10 requests in flight");
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    const other = await customer();
    expect((await moderate(i, other.key)).status).toBe(200);
  }
  expect((await received()) - before).toBe(12);
  await release();
  for (const response of await Promise.all(open)) expect(response.status).toBe(200);
  await settled(email);
  expect((await moderate(0, key)).status).toBe(200);
});

describe.each(DOORS)("through %s", (_, door) => {
  test("an unknown key is a 401 without its body", async () => {
    const { socket, said } = openRaw(Number(new URL(door).port), chatHead(newKey(), 1_000_000));
    expect(await said(/\r\n\r\n.*\}\}/s)).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });
});
