import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePort, launch, stopAll, waitForHealth } from "../support/processes";
import type { AccountSummary } from "../support/cli";
import { messageWith, chat, countReceived } from "../support/shared-deployment";
import { startDatabaseProxy, type DatabaseProxy } from "./database-proxy";
import { Deployment } from "../support/deployment";

/** Cuts of a connection; every other one is long. */
const ROUNDS = process.env.ONEKEY_TEST_LONG ? 4 : 2;

let deployment: Deployment;
let proxy: DatabaseProxy;
let origin: string;

beforeAll(async () => {
  deployment = await Deployment.open([]);
  proxy = await startDatabaseProxy(path.join(deployment.dataDir, "sandbox/mongodb.sock"));
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  await launch({
    script: "dist/server.js",
    hasPages: false,
    environment: {
      ...deployment.environment,
      PORT: String(port),
      ONEKEY_SANDBOX_MONGODB_URI: proxy.uri,
    },
  });
  await waitForHealth(origin);
});

afterEach(() => proxy.set({ as: "pass" }));
afterAll(async () => {
  await stopAll();
  await proxy.close();
  await deployment.close();
});

const body = { model: "gpt-6-luna", max_tokens: 20, messages: [messageWith({})] };
const show = async (email: string) =>
  (await deployment.operator.onekey(
    "account",
    "show",
    "--email",
    email,
  )) as unknown as AccountSummary;

/** Waits until an account has no hold. */
async function settled(email: string): Promise<AccountSummary> {
  await expect.poll(() => deployment.holds(email)).toEqual([]);
  return show(email);
}

test("a hold whose acknowledgement was lost is released, and its request never sent", async () => {
  const { key, email } = await deployment.operator.createCustomer({ credits: "5" });
  for (let i = 0; i < 20; i++) expect((await chat(origin, key, body)).status).toBe(200);
  const before = { shown: await settled(email), reached: await countReceived() };
  proxy.set({ as: "deaf" });
  const lostResponse = chat(origin, key, body);
  await expect.poll(() => deployment.holds(email), { interval: 20 }).toHaveLength(1);
  proxy.set({ as: "away" });
  const response = await lostResponse;
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(((await response.json()) as { error: { message: string } }).error.message).toContain(
    "cannot reach its database",
  );
  proxy.set({ as: "pass" });
  const after = await settled(email);
  expect(after).toMatchObject({ holds: [], credits_nano: before.shown.credits_nano });
  expect(await countReceived()).toBe(before.reached);
  expect(await deployment.operator.auditProblems()).toEqual([]);
});

test("a settle whose acknowledgement was lost is not applied twice", async () => {
  const { key, email } = await deployment.operator.createCustomer({ credits: "5" });
  for (let i = 0; i < 20; i++) expect((await chat(origin, key, body)).status).toBe(200);
  const before = await settled(email);
  // Its head arrives after the hold, its end only after a second.
  const response = await chat(origin, key, {
    ...body,
    stream: true,
    messages: [messageWith({ chunks: 10, chunkDelayMs: 100 })],
  });
  proxy.set({ as: "deaf" });
  expect(await response.text()).toContain("[DONE]");
  await sleep(1_000);
  proxy.set({ as: "away" });
  await sleep(1_000);
  proxy.set({ as: "pass" });
  const after = await settled(email);
  expect(after.usage.rows).toBe(before.usage.rows + 1);
  const row = after.usage.charged_nano - before.usage.charged_nano;
  expect(row).toBeGreaterThan(0);
  expect(before.credits_nano - after.credits_nano).toBe(row);
  expect(await deployment.operator.auditProblems()).toEqual([]);
});

test("a connection to the database that hangs and is cut recovers each time", async () => {
  const { key, email } = await deployment.operator.createCustomer({ credits: "5" });
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(Array.from({ length: 8 }, () => chat(origin, key, body)));
    proxy.set({ as: "deaf" });
    const requests = Array.from({ length: 3 }, () => chat(origin, key, body));
    await sleep(100 + 250 * (round % 3));
    proxy.set({ as: "away" });
    // Every other time it stays away for longer than the driver looks for a server.
    await sleep(round % 2 ? 300 : 5_500);
    expect(
      (await Promise.all(requests)).filter(({ status }) => status !== 200 && status !== 503),
    ).toEqual([]);
    proxy.set({ as: "pass" });
    while ((await chat(origin, key, body)).status !== 200) await sleep(50);
  }
  await settled(email);
  expect(await deployment.holds(email)).toEqual([]);
  expect(await deployment.operator.auditProblems()).toEqual([]);
});

test("a slow database slows requests down and breaks none", async () => {
  const { key, email } = await deployment.operator.createCustomer({ credits: "5" });
  proxy.set({ as: "slow", milliseconds: 250 });
  const responses = await Promise.all(Array.from({ length: 20 }, () => chat(origin, key, body)));
  expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
  proxy.set({ as: "pass" });
  expect((await settled(email)).usage.rows).toBe(20);
  expect(await deployment.operator.auditProblems()).toEqual([]);
});
