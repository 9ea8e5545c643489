import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { UsageRow } from "@/lib/usage/schema";
import { stopAll } from "../support/processes";
import { ask, chat, received } from "../support/deployment";
import { House } from "./house";

afterAll(stopAll);

const HOUR_MS = 3_600_000;
const preload = pathToFileURL(fileURLToPath(new URL("moved-clock.mjs", import.meta.url))).href;

/** A house each of whose processes has a clock that can be set. */
async function openWithClocks() {
  const clocks: Record<string, string> = {};
  const set = (name: string, ms: number) => writeFile(clocks[name] ?? "", String(ms));
  const house = await House.open(["a", "b"], {}, async (name, dataDir) => {
    clocks[name] = path.join(dataDir, `clock-${name}`);
    await set(name, 0);
    return { NODE_OPTIONS: `--import=${preload}`, ONEKEY_TEST_CLOCK: clocks[name] ?? "" };
  });
  return { house, set };
}

type Ended = { status: number; text: string };
const body = { model: "gpt-4o-mini", max_tokens: 60 };
const ended = async (answer: Promise<Response>): Promise<Ended> => {
  const { status } = await answer;
  return { status, text: await (await answer).text() };
};

/** Streams of about 18 seconds: longer than it is from one sweep to the next. */
const stream = (origin: string, key: string) =>
  ended(
    chat(origin, key, {
      ...body,
      stream: true,
      messages: [ask({ chunks: 18, chunkDelayMs: 1_000 })],
    }),
  );

/** Requests of every kind through both servers while the named processes' clocks move. Gives the rows that they left. */
async function run(moved: readonly string[]): Promise<UsageRow[]> {
  const { house, set } = await openWithClocks();
  const [a, b] = [house.origin("a"), house.origin("b")];
  const [plain, busy] = [await house.customer("20"), await house.customer("20")];
  await house.limit(busy.email, { requestsPerMinute: 30 });
  const startedAt = Date.now();
  const streams = [stream(a, plain.key), stream(a, plain.key), stream(b, plain.key)];
  await sleep(1_000);
  const statuses: number[] = [];
  const some = async () => {
    for (const origin of [a, b, a, b])
      statuses.push((await ended(chat(origin, busy.key, { ...body, messages: [ask({})] }))).status);
  };
  await some();
  for (const hours of [3, -3, 0]) {
    for (const name of moved) await set(name, hours * HOUR_MS);
    await sleep(hours === 0 ? 500 : 7_000);
    await some();
  }
  const all = await Promise.all(streams);
  expect(all.map(({ status, text }) => [status, text.includes("[DONE]")])).toEqual(
    all.map(() => [200, true]),
  );
  expect(statuses).toEqual(statuses.map(() => 200));
  for (const { email } of [plain, busy])
    for (let i = 0; i < 50 && (await house.holds(email)).length > 0; i++) await sleep(100);
  expect([...(await house.holds(plain.email)), ...(await house.holds(busy.email))]).toEqual([]);
  expect(await house.problems()).toEqual([]);
  const rows = [...(await house.usage(plain.email)), ...(await house.usage(busy.email))];
  expect(rows.map(({ endedBy }) => endedBy)).toEqual(rows.map(() => "complete"));
  expect(rows.filter(({ latencyMs }) => latencyMs < 0 || latencyMs > 60_000)).toEqual([]);
  // A server whose own clock is wrong goes by the database's.
  if (!moved.includes("database"))
    expect(rows.filter(({ at }) => Math.abs(at.getTime() - startedAt) > 60_000)).toEqual([]);
  await house.close();
  return rows;
}

test("clocks that go hours forward and back under way, of one server and of every process: no hold is swept early, limits neither block nor open, and the books balance", async () => {
  const before = await received();
  const rows = await Promise.all([run(["b"]), run(["database", "a", "b"])]);
  expect(rows.flat()).toHaveLength((await received()) - before);
}, 120_000);
