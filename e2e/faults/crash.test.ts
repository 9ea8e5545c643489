import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { MongoClient } from "mongodb";
import { afterAll, expect, test } from "vitest";
import type { Account } from "@/lib/accounts/schema";
import { DEAD_AFTER_MS, type Instance } from "@/lib/instances/schema";
import { ageDeployment } from "../support/age-deployment";
import type { AccountSummary } from "../support/cli";
import { launchServer, stopAll } from "../support/processes";
import {
  messageWith,
  auditProblems,
  chat,
  createCustomer,
  ADAPTERS,
  onekey,
  releaseResponses,
  waitUntilSettled,
  showAccount,
  deployment,
} from "../support/shared-deployment";

const isLongRun = Boolean(process.env.ONEKEY_TEST_LONG);
const ROUNDS = isLongRun ? 10 : 2;
const STREAMS = isLongRun ? 200 : 60;
const SILENT_MS = 2 * DEAD_AFTER_MS;
const CANARY = "canary-7f3a9c-never-kept";

async function filesUnder(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

afterAll(stopAll);

test(`kill -9 during ${STREAMS} streams, ${ROUNDS} times: no hold, no double charge, no content stays`, async () => {
  const { key, email } = await createCustomer({ credits: "100" });
  const countRequests = ({ usage, holds }: AccountSummary) => usage.rows + holds.length;
  let requestsBefore = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const server = await launchServer({ environment: deployment.environment, hasPages: false });
    const streams = Array.from({ length: STREAMS }, () =>
      chat(server.origin, key, {
        model: "gpt-6-luna",
        stream: true,
        max_tokens: 200,
        messages: [messageWith({ chunks: 100, chunkDelayMs: 500 }, CANARY)],
      })
        .then((response) => response.text())
        .catch(() => "cut"),
    );
    await expect
      .poll(async () => countRequests(await showAccount(email)))
      .toBeGreaterThan(requestsBefore);
    await server.stop("SIGKILL");
    await Promise.all(streams);
    expect(server.output()).not.toContain(CANARY);
    requestsBefore = countRequests(await showAccount(email));
  }
  const account = await showAccount(email);
  const requestCount = countRequests(account);
  expect(account.holds.length).toBeGreaterThan(0);
  const { key: liveKey, email: liveEmail } = await createCustomer({ credits: "1" });
  const running = chat(deployment.fast, liveKey, {
    model: "gpt-6-luna",
    stream: true,
    max_tokens: 50,
    messages: [messageWith({ hold: true })],
  });
  await expect.poll(async () => (await showAccount(liveEmail)).holds).toHaveLength(1);
  await fallSilent(liveEmail);
  await Promise.all([onekey("sweep"), onekey("sweep")]);
  // Every request that was held for has its one row, and nothing is held any more.
  expect(await showAccount(email)).toMatchObject({ holds: [], usage: { rows: requestCount } });
  expect((await showAccount(liveEmail)).holds).toHaveLength(1);
  await releaseResponses();
  await (await running).text();
  expect(await auditProblems()).toEqual([]);
  for (const file of await filesUnder(deployment.dataDir))
    expect((await readFile(file)).includes(CANARY), file).toBe(false);
});

test.each(ADAPTERS)(
  "a sweep next to a live server takes no hold of a stream through %s",
  async (_, origin) => {
    const { key, email } = await createCustomer();
    const running = chat(origin, key, {
      model: "gpt-6-luna",
      stream: true,
      max_tokens: 50,
      messages: [messageWith({ hold: true })],
    });
    await expect.poll(async () => (await showAccount(email)).holds).toHaveLength(1);
    // Only its heartbeat protects the hold now.
    await fallSilent(email);
    expect(await onekey("sweep")).toMatchObject({ holds: 0 });
    expect((await showAccount(email)).holds).toHaveLength(1);
    await releaseResponses();
    await (await running).text();
    expect((await waitUntilSettled(email)).freeRequests).toBe(19);
  },
);

/**
 * As if the last sign of every server, and the start of every request, were longer ago; then waits until the server that holds
 * for this account has shown itself again.
 */
async function fallSilent(email: string): Promise<void> {
  const { ONEKEY_SANDBOX_MONGODB_URI: serverUri } = deployment.environment;
  const uri = serverUri ?? embeddedUri(path.join(deployment.dataDir, "sandbox"));
  const client = await new MongoClient(uri).connect();
  try {
    const database = client.db(serverUri === undefined ? "onekey" : undefined);
    await ageDeployment(database, SILENT_MS);
    const instances = database.collection<Instance>("instances");
    const account = await database.collection<Account>("accounts").findOne({ email });
    const holder = account?.holds[0]?.by ?? "";
    const silentMs = async () =>
      Date.now() - ((await instances.findOne({ _id: holder }))?.seenAt.getTime() ?? 0);
    await expect.poll(silentMs).toBeLessThan(DEAD_AFTER_MS);
  } finally {
    await client.close();
  }
}

test("a canary in prompts, tool calls, bad JSON and errors is in no file and no log", async () => {
  const { key } = await createCustomer({ credits: "5" });
  const { environment } = deployment;
  const { origin, ...server } = await launchServer({ environment, hasPages: false });
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
