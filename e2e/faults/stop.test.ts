import { afterAll, expect, test } from "vitest";
import { stopAll } from "../support/processes";
import type { AccountSummary } from "../support/cli";
import { messageWith, chat, countReceived } from "../support/shared-deployment";
import { Deployment } from "../support/deployment";

afterAll(stopAll);

const ACCOUNTS = 5;
const STREAMS = process.env.ONEKEY_TEST_LONG ? 500 : 100;

/** Opens so many streams over a few accounts; each resolves to how its body ended. */
async function open(deployment: Deployment, chunks: number, chunkDelayMs: number) {
  const customers = await Promise.all(
    Array.from({ length: ACCOUNTS }, () => deployment.operator.createCustomer({ credits: "50" })),
  );
  const before = await countReceived();
  const streams = Array.from({ length: STREAMS }, async (_, i) => {
    const { key } = customers[i % ACCOUNTS] ?? { key: "" };
    const body = {
      model: "gpt-6-luna",
      stream: true,
      max_tokens: 200,
      messages: [messageWith({ chunks, chunkDelayMs })],
    };
    try {
      const response = await chat(deployment.origin("a"), key, body);
      return response.status === 200 && (await response.text()).includes("data: [DONE]")
        ? "complete"
        : "cut";
    } catch {
      return "cut";
    }
  });
  await expect.poll(async () => (await countReceived()) - before).toBe(STREAMS);
  const readAccount = () =>
    Promise.all(
      customers.map(({ email }) => deployment.operator.onekey("account", "show", "--email", email)),
    ) as unknown as Promise<AccountSummary[]>;
  return { streams, readAccount };
}

test(`TERM under ${STREAMS} streams: all complete, each is charged once, the server exits 0`, async () => {
  const deployment = await Deployment.open(["a"], { SHUTDOWN_GRACE_MS: "60000" });
  const { streams, readAccount } = await open(deployment, 20, 300);
  const startedAt = performance.now();
  expect(await deployment.stopServer("a", "SIGTERM")).toBe(0);
  console.log(
    `${STREAMS} open streams ended and settled ${Math.round(performance.now() - startedAt)} ms after TERM`,
  );
  expect((await Promise.all(streams)).filter((end) => end !== "complete")).toEqual([]);
  const accounts = await readAccount();
  expect(accounts.flatMap(({ holds }) => holds)).toEqual([]);
  expect(accounts.reduce((sum, { usage }) => sum + usage.rows, 0)).toBe(STREAMS);
  expect(await deployment.operator.auditProblems()).toEqual([]);
  await deployment.close();
});

test(`TERM under ${STREAMS} streams past the grace: they are cut and charged, the server exits 0`, async () => {
  const deployment = await Deployment.open(["a"], { SHUTDOWN_GRACE_MS: "1000" });
  const { streams, readAccount } = await open(deployment, 120, 500);
  const startedAt = performance.now();
  expect(await deployment.stopServer("a", "SIGTERM")).toBe(0);
  const tookMs = performance.now() - startedAt;
  console.log(
    `${STREAMS} long streams were cut and settled ${Math.round(tookMs)} ms after TERM with a grace of 1,000 ms`,
  );
  expect((await Promise.all(streams)).filter((end) => end !== "cut")).toEqual([]);
  const accounts = await readAccount();
  expect(accounts.flatMap(({ holds }) => holds)).toEqual([]);
  expect(accounts.reduce((sum, { usage }) => sum + usage.rows, 0)).toBe(STREAMS);
  expect(await deployment.operator.auditProblems()).toEqual([]);
  await deployment.close();
});
