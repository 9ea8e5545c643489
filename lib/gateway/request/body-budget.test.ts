import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  chat,
  chatHead,
  HELLO,
  createFundedAccount,
  openRaw,
  useOwnGateway,
} from "@/e2e/support/own-gateway";
import { bufferedBytes, createBodyBudget } from "./body-budget";

const MIB = 1024 * 1024;
const gateway = useOwnGateway({
  BODY_BYTES_MAX: String(MIB),
  BUFFER_BYTES_MAX: String(4 * MIB),
  NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "50",
});

/** Starts a request of 900 KiB whose last byte does not come, and waits until the rest is kept. */
async function openLong(key: string) {
  const length = 900 * 1024;
  const before = bufferedBytes();
  const raw = openRaw(gateway.port, chatHead(key, length));
  raw.socket.write(Buffer.alloc(length - 1, " "));
  const statusLine = raw.closed.then((text) => text.slice(0, 12));
  const isOpen = async () => {
    while (bufferedBytes() < before + length - 1) await sleep(5);
    return "kept";
  };
  return { ...raw, outcome: await Promise.race([statusLine, isOpen()]) };
}

async function untilNothingIsKept(): Promise<void> {
  while (bufferedBytes() > 0) await sleep(5);
}

test("an account keeps no more than its share of the budget, and the server no more than the budget", async () => {
  const [first, second, third] = [
    await createFundedAccount(),
    await createFundedAccount(),
    await createFundedAccount(),
  ];
  const open = [await openLong(first.key), await openLong(first.key)];
  const refusal = await openLong(first.key);
  expect(refusal.outcome).toBe("HTTP/1.1 429");
  const response = await refusal.closed;
  expect(response).toMatch(/^retry-after: \d+\r$/im);
  expect(response).toContain("2 MiB together");
  for (const { key } of [second, second]) open.push(await openLong(key));
  expect(open.map(({ outcome }) => outcome)).toEqual(["kept", "kept", "kept", "kept"]);
  // 3.6 of 4 MiB are kept: a short request passes, a long one does not.
  expect((await chat(gateway.origin, third.key)).status).toBe(200);
  const full = await openLong(third.key);
  expect(full.outcome).toBe("HTTP/1.1 503");
  expect(await full.closed).toMatch(/^retry-after: \d+\r$/im);
  for (const { socket } of open) socket.destroy();
  await untilNothingIsKept();
  const secondTry = await openLong(third.key);
  expect(secondTry.outcome).toBe("kept");
  secondTry.socket.destroy();
});

test("a claimed length takes nothing of the budget", async () => {
  const { key } = await createFundedAccount();
  await untilNothingIsKept();
  const claims = Array.from({ length: 20 }, () => openRaw(gateway.port, chatHead(key, MIB)));
  await sleep(100);
  expect(bufferedBytes()).toBe(0);
  for (const { socket } of claims) socket.destroy();
});

test("a body is kept while its request runs, and given back when it ends", async () => {
  const { key } = await createFundedAccount();
  await untilNothingIsKept();
  let release = () => {};
  gateway.beforeResponse = () => new Promise<void>((resolve) => (release = resolve));
  const body = HELLO.padEnd(300_000);
  const before = gateway.received;
  const response = chat(gateway.origin, key, body);
  while (gateway.received === before) await sleep(5);
  expect(bufferedBytes()).toBe(300_000);
  release();
  gateway.beforeResponse = () => {};
  expect((await response).status).toBe(200);
  await untilNothingIsKept();
  for (const [encoding, payload] of [
    ["gzip", gzipSync(body)],
    ["identity", Buffer.from("{")],
  ] as const)
    await (await chat(gateway.origin, key, payload, { "content-encoding": encoding })).text();
  await untilNothingIsKept();
});

test("BODY_BYTES_MAX holds for a body as sent and decompressed", async () => {
  const { key } = await createFundedAccount();
  const random = Buffer.from(
    Array.from({ length: 2 * MIB }, () => 32 + Math.floor(Math.random() * 90)),
  );
  for (const body of [
    gzipSync(Buffer.alloc(MIB + 1, " ")),
    gzipSync(random.subarray(0, MIB + 1)),
  ]) {
    const response = await chat(gateway.origin, key, body, { "content-encoding": "gzip" });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain("over 1 MiB when decompressed");
  }
  expect((await chat(gateway.origin, key, "x".repeat(MIB + 1))).status).toBe(413);
  const fits = gzipSync(HELLO.padEnd(MIB));
  expect((await chat(gateway.origin, key, fits, { "content-encoding": "gzip" })).status).toBe(200);
});

test("decompressed bytes count in the budget, and one account decompresses one body at a time", async () => {
  await untilNothingIsKept();
  const budget = createBodyBudget("usr_1");
  let running = 0;
  let maximum = 0;
  const work = () =>
    budget.inTurn(async () => {
      maximum = Math.max(maximum, ++running);
      await sleep(5);
      running--;
    });
  await Promise.allSettled([work(), budget.inTurn(() => Promise.reject(new Error("x"))), work()]);
  expect(maximum).toBe(1);
  budget.take(2 * MIB);
  expect(() => budget.take(1)).toThrow("2 MiB together");
  budget.giveBack(MIB);
  budget.take(MIB);
  budget.close();
  expect(bufferedBytes()).toBe(0);
  expect(() => budget.take(1)).toThrow("The request is over.");
});
