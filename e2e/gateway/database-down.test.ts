import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { operatorOf } from "../support/cli";
import { freePort, launch, stopAll, waitForHealth } from "../support/processes";
import { messageWith, chat, countReceived, embeddedSettings } from "../support/shared-deployment";

afterAll(stopAll);

test("a request that ends without a database completes, and is settled later", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-down-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = { ...embeddedSettings(dataDir), PORT: String(port) };
  const database = () => launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  const { createCustomer, waitUntilSettled, auditProblems } = operatorOf(environment, {
    isSteady: true,
  });
  const first = await database();
  const server = await launch({ script: "dist/server.js", environment, hasPages: false });
  await waitForHealth(origin);
  const health = async () => [
    (await fetch(`${origin}/api/health`)).status,
    (await fetch(`${origin}/api/health/ready`)).status,
  ];
  expect(await health()).toEqual([200, 200]);
  const { key, email } = await createCustomer({ credits: "1" });
  const body = { model: "gpt-6-luna", stream: true, max_tokens: 50 };
  const receivedBefore = await countReceived();
  const running = chat(origin, key, {
    ...body,
    messages: [messageWith({ chunks: 10, chunkDelayMs: 200 })],
  });
  const response = chat(origin, key, {
    ...body,
    messages: [messageWith({ delayMs: 1_500, dropConnection: true })],
  });
  // Both have a hold once the provider has them.
  await expect.poll(countReceived, { interval: 20 }).toBeGreaterThanOrEqual(receivedBefore + 2);
  await first.stop("SIGKILL");
  expect((await response).status).toBe(502);
  expect(await (await running).text()).toContain("data: [DONE]");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(server.child.exitCode).toBeNull();
  expect(await health()).toEqual([200, 503]);
  const second = await database();
  expect(await waitUntilSettled(email)).toMatchObject({
    holds: [],
    freeRequests: 19,
    usage: { rows: 2 },
  });
  expect(await auditProblems()).toEqual([]);
  expect((await chat(origin, key, { ...body, messages: [messageWith({})] })).status).toBe(200);
  await server.stop();
  await second.stop();
  await rm(dataDir, { recursive: true, force: true });
});
