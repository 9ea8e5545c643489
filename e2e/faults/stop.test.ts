import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { stopAll } from "../support/processes";
import { ask, chat, received, type Shown } from "../support/deployment";
import { House } from "./house";

afterAll(stopAll);

const ACCOUNTS = 5;
const STREAMS = 500;

/** Opens so many streams over a few accounts; each tells how its body ended. */
async function open(house: House, chunks: number, chunkDelayMs: number) {
  const customers = await Promise.all(Array.from({ length: ACCOUNTS }, () => house.customer("50")));
  const before = await received();
  const streams = Array.from({ length: STREAMS }, async (_, i) => {
    const { key } = customers[i % ACCOUNTS] ?? { key: "" };
    const body = {
      model: "gpt-4o-mini",
      stream: true,
      max_tokens: 200,
      messages: [ask({ chunks, chunkDelayMs })],
    };
    try {
      const answer = await chat(house.origin("a"), key, body);
      return answer.status === 200 && (await answer.text()).includes("data: [DONE]")
        ? "whole"
        : "cut";
    } catch {
      return "cut";
    }
  });
  for (let i = 0; i < 300 && (await received()) - before < STREAMS; i++) await sleep(100);
  expect((await received()) - before).toBe(STREAMS);
  const shown = () =>
    Promise.all(
      customers.map(({ email }) => house.onekey("account", "show", "--email", email)),
    ) as unknown as Promise<Shown[]>;
  return { streams, shown };
}

test("TERM under 500 streams: all of them end whole, each is charged once, and the server exits 0", async () => {
  const house = await House.open(["a"], { SHUTDOWN_GRACE_MS: "60000" });
  const { streams, shown } = await open(house, 60, 100);
  const startedAt = performance.now();
  expect(await house.stopServer("a", "SIGTERM")).toBe(0);
  console.log(
    `500 open streams ended and settled ${Math.round(performance.now() - startedAt)} ms after TERM`,
  );
  expect((await Promise.all(streams)).filter((end) => end !== "whole")).toEqual([]);
  const accounts = await shown();
  expect(accounts.flatMap(({ holds }) => holds)).toEqual([]);
  expect(accounts.reduce((sum, { usage }) => sum + usage.rows, 0)).toBe(STREAMS);
  expect(await house.problems()).toEqual([]);
  await house.close();
}, 180_000);

test("TERM under 500 streams that outlast the grace: they are cut, each is charged for what passed, and the server exits 0", async () => {
  const house = await House.open(["a"], { SHUTDOWN_GRACE_MS: "1000" });
  const { streams, shown } = await open(house, 600, 100);
  const startedAt = performance.now();
  expect(await house.stopServer("a", "SIGTERM")).toBe(0);
  const tookMs = performance.now() - startedAt;
  console.log(
    `500 long streams were cut and settled ${Math.round(tookMs)} ms after TERM with a grace of 1,000 ms`,
  );
  expect((await Promise.all(streams)).filter((end) => end !== "cut")).toEqual([]);
  const accounts = await shown();
  expect(accounts.flatMap(({ holds }) => holds)).toEqual([]);
  expect(accounts.reduce((sum, { usage }) => sum + usage.rows, 0)).toBe(STREAMS);
  expect(await house.problems()).toEqual([]);
  await house.close();
}, 180_000);
