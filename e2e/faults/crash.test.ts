import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort, launch, stopAll, waitForHealth } from "../support/processes";
import {
  messageWith,
  auditProblems,
  chat,
  createCustomer,
  ADAPTERS,
  onekey,
  waitUntilSettled,
  showAccount,
  deployment,
} from "../support/shared-deployment";

const ROUNDS = process.env.ONEKEY_TEST_LONG ? 10 : 2;
const CANARY = "canary-7f3a9c-never-kept";

async function filesUnder(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

afterAll(stopAll);

test(`kill -9 during 200 streams, ${ROUNDS} times: no hold, no double charge, no content stays`, async () => {
  const { key, email } = await createCustomer({ credits: "100" });
  let heldBefore = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const server = await launch({
      script: "dist/server.js",
      environment: { ...deployment.environment, PORT: String(port) },
    });
    await waitForHealth(origin);
    const streams = Array.from({ length: 200 }, () =>
      chat(origin, key, {
        model: "gpt-6-luna",
        stream: true,
        max_tokens: 200,
        messages: [messageWith({ chunks: 100, chunkDelayMs: 500 }, CANARY)],
      })
        .then((response) => response.text())
        .catch(() => "cut"),
    );
    await expect
      .poll(async () => (await showAccount(email)).holds.length, { timeout: 60_000 })
      .toBeGreaterThan(heldBefore);
    await server.stop("SIGKILL");
    await Promise.all(streams);
    expect(server.output()).not.toContain(CANARY);
    const heldAfter = (await showAccount(email)).holds.length;
    expect(heldAfter).toBeGreaterThan(heldBefore);
    heldBefore = heldAfter;
  }
  const account = await showAccount(email);
  const requestCount = account.usage.rows + account.holds.length;
  expect(account.holds.length).toBeGreaterThan(0);
  const live = createCustomer({ credits: "1" });
  const { key: liveKey, email: liveEmail } = await live;
  const running = chat(deployment.fast, liveKey, {
    model: "gpt-6-luna",
    stream: true,
    max_tokens: 50,
    messages: [messageWith({ chunks: 5, chunkDelayMs: 9_000 })],
  });
  await new Promise((resolve) => setTimeout(resolve, 32_000));
  await Promise.all([onekey("sweep"), onekey("sweep")]);
  // Every request that was held for has its one row, and nothing is held any more.
  expect(await showAccount(email)).toMatchObject({ holds: [], usage: { rows: requestCount } });
  expect((await showAccount(liveEmail)).holds).toHaveLength(1);
  await (await running).text();
  expect(await auditProblems()).toEqual([]);
  for (const file of await filesUnder(deployment.dataDir))
    expect((await readFile(file)).includes(CANARY), file).toBe(false);
});

test.concurrent.each(ADAPTERS)(
  "a sweep next to a live server takes no hold of a stream through %s",
  async (_, origin) => {
    const { key, email } = await createCustomer();
    const running = chat(origin, key, {
      model: "gpt-6-luna",
      stream: true,
      max_tokens: 50,
      messages: [messageWith({ chunks: 4, chunkDelayMs: 6_000 })],
    });
    // Longer than an instance may be silent: only its heartbeat protects the hold now.
    await new Promise((resolve) => setTimeout(resolve, 32_000));
    expect(await onekey("sweep")).toMatchObject({ holds: 0 });
    expect((await showAccount(email)).holds).toHaveLength(1);
    await (await running).text();
    expect((await waitUntilSettled(email)).freeRequests).toBe(19);
  },
);

test("a canary in prompts, tool calls, bad JSON and errors is in no file and no log", async () => {
  const { key } = await createCustomer({ credits: "5" });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await launch({
    script: "dist/server.js",
    environment: { ...deployment.environment, PORT: String(port) },
  });
  await waitForHealth(origin);
  const say = (directive: Record<string, unknown>) => ({
    model: "gpt-6-luna",
    messages: [{ role: "system", content: CANARY }, messageWith(directive, CANARY)],
  });
  const bodies = [
    say({}),
    say({ text: CANARY }),
    say({ status: 500, quote: true }),
    say({ status: 400, quote: true }),
    say({ wrongJson: true }),
    say({ cutAfterChunks: 1 }),
    { ...say({}), model: CANARY },
    `{"model":"gpt-6-luna","messages":"${CANARY}`,
  ];
  for (const body of bodies)
    await chat(origin, key, body)
      .then((response) => response.text())
      .catch(() => "cut");
  await server.stop();
  expect(server.output()).toContain("request.settled");
  expect(server.output()).not.toContain(CANARY);
  for (const file of await filesUnder(deployment.dataDir))
    expect((await readFile(file)).includes(CANARY), file).toBe(false);
});
