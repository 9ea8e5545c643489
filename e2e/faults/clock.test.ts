import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { UsageRow } from "@/lib/usage/schema";
import { stopAll } from "../support/processes";
import { messageWith, chat, countReceived } from "../support/shared-deployment";
import { Deployment } from "../support/deployment";

afterAll(stopAll);

const HOUR_MS = 3_600_000;
const preload = pathToFileURL(fileURLToPath(new URL("moved-clock.mjs", import.meta.url))).href;

/** A deployment in which each process has a clock that can be set. */
async function openWithClocks() {
  const clocks: Record<string, string> = {};
  const set = (name: string, ms: number) => writeFile(clocks[name] ?? "", String(ms));
  const deployment = await Deployment.open(["a", "b"], {}, async (name, dataDir) => {
    clocks[name] = path.join(dataDir, `clock-${name}`);
    await set(name, 0);
    return { NODE_OPTIONS: `--import=${preload}`, ONEKEY_TEST_CLOCK: clocks[name] ?? "" };
  });
  return { deployment, set };
}

type RequestEnd = { status: number; text: string };
const body = { model: "gpt-6-luna", max_tokens: 60 };
const readEnd = async (response: Promise<Response>): Promise<RequestEnd> => {
  const { status } = await response;
  return { status, text: await (await response).text() };
};

/** Streams of about 18 seconds: longer than it is from one sweep to the next. */
const stream = (origin: string, key: string) =>
  readEnd(
    chat(origin, key, {
      ...body,
      stream: true,
      messages: [messageWith({ chunks: 18, chunkDelayMs: 1_000 })],
    }),
  );

/** Requests of every kind through both servers while the named processes' clocks move. Gives the rows that they left. */
async function run(movedProcesses: readonly string[]): Promise<UsageRow[]> {
  const { deployment, set } = await openWithClocks();
  const [a, b] = [deployment.origin("a"), deployment.origin("b")];
  const [plain, busy] = [
    await deployment.operator.createCustomer({ credits: "20" }),
    await deployment.operator.createCustomer({ credits: "20" }),
  ];
  await deployment.limit(busy.email, { requestsPerMinute: 30 });
  const startedAt = Date.now();
  const streams = [stream(a, plain.key), stream(a, plain.key), stream(b, plain.key)];
  await sleep(1_000);
  const statuses: number[] = [];
  const some = async () => {
    for (const origin of [a, b, a, b])
      statuses.push(
        (await readEnd(chat(origin, busy.key, { ...body, messages: [messageWith({})] }))).status,
      );
  };
  await some();
  for (const hours of [3, -3, 0]) {
    for (const name of movedProcesses) await set(name, hours * HOUR_MS);
    await sleep(hours === 0 ? 500 : 7_000);
    await some();
  }
  const all = await Promise.all(streams);
  expect(all.map(({ status, text }) => [status, text.includes("[DONE]")])).toEqual(
    all.map(() => [200, true]),
  );
  expect(statuses).toEqual(statuses.map(() => 200));
  for (const { email } of [plain, busy])
    await expect.poll(() => deployment.holds(email)).toEqual([]);
  expect(await deployment.operator.auditProblems()).toEqual([]);
  const rows = [...(await deployment.usage(plain.email)), ...(await deployment.usage(busy.email))];
  expect(rows.map(({ endedBy }) => endedBy)).toEqual(rows.map(() => "complete"));
  expect(rows.filter(({ latencyMs }) => latencyMs < 0 || latencyMs > HOUR_MS / 2)).toEqual([]);
  // A server whose own clock is wrong goes by the database's.
  if (!movedProcesses.includes("database"))
    expect(rows.filter(({ at }) => Math.abs(at.getTime() - startedAt) > HOUR_MS / 2)).toEqual([]);
  await deployment.close();
  return rows;
}

test("clocks that jump by hours sweep no hold early, and the books balance", async () => {
  const before = await countReceived();
  const rows = await Promise.all([run(["b"]), run(["database", "a", "b"])]);
  expect(rows.flat()).toHaveLength((await countReceived()) - before);
});
