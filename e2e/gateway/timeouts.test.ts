import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchServer, stopAll } from "../support/processes";
import {
  messageWith,
  chat,
  createCustomer,
  countReceived,
  listUsage,
  providerRequests,
  waitUntilSettled,
  showAccount,
  deployment,
} from "../support/shared-deployment";

const LIMITS = { HEADER_TIMEOUT_MS: "1500", IDLE_TIMEOUT_MS: "1500", TOTAL_TIMEOUT_MS: "5000" };
const origins = { "the Node server": "", "the Next route handler": "" };

beforeAll(async () => {
  for (const adapter of ["the Node server", "the Next route handler"] as const)
    origins[adapter] = (
      await launchServer({
        adapter,
        hasPages: false,
        environment: { ...deployment.environment, ...LIMITS },
      })
    ).origin;
});
afterAll(stopAll);

const body = (directive: Record<string, unknown>, fields: Record<string, unknown> = {}) => ({
  model: "gpt-6-luna",
  max_tokens: 100,
  messages: [messageWith(directive)],
  ...fields,
});

describe.each(["the Node server", "the Next route handler"] as const)("through %s", (adapter) => {
  test("a provider without headers in time is a 504, estimated, and its connection closed", async () => {
    const { key, email } = await createCustomer();
    const response = await chat(origins[adapter], key, body({ hang: true }));
    expect(response.status).toBe(504);
    expect(await response.text()).toContain("did not respond in time");
    expect((await waitUntilSettled(email)).freeRequests).toBe(19);
    expect(await listUsage(origins[adapter], key)).toMatchObject([
      { ended_by: "timeout", usage_source: "estimated" },
    ]);
    await expect
      .poll(async () => (await providerRequests()).at(-1)?.closedEarlyAt)
      .toBeTypeOf("number");
  });

  test("a stream that falls silent is cut, marked in its row, and charged for what passed", async () => {
    const { key, email } = await createCustomer();
    const response = await chat(
      origins[adapter],
      key,
      body({ chunks: 50, hangAfterChunks: 5 }, { stream: true }),
    );
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect((await waitUntilSettled(email)).freeRequests).toBe(19);
    expect(await listUsage(origins[adapter], key)).toMatchObject([
      { ended_by: "timeout", usage_source: "estimated", free: true },
    ]);
  });

  test("a stream that never falls silent ends at the total limit all the same", async () => {
    const { key, email } = await createCustomer();
    const response = await chat(
      origins[adapter],
      key,
      body({ chunks: 100, chunkDelayMs: 200 }, { stream: true }),
    );
    await expect(response.text()).rejects.toThrow();
    await waitUntilSettled(email);
    expect(await listUsage(origins[adapter], key)).toMatchObject([{ ended_by: "timeout" }]);
  });

  test("an answer that is shorter than it said is cut off, and settled", async () => {
    const { key, email } = await createCustomer();
    const response = await chat(origins[adapter], key, body({ lieLength: true }));
    await expect(response.text()).rejects.toThrow();
    await waitUntilSettled(email);
    expect(await listUsage(origins[adapter], key)).toMatchObject([{ ended_by: "provider_cut" }]);
  });

  test("what follows the declared end of a stream reaches the client and not the bill", async () => {
    const { key, email } = await createCustomer();
    const streamFields = { stream: true, stream_options: { include_usage: true } };
    const response = await chat(
      origins[adapter],
      key,
      body({ garbageAfterDone: true }, streamFields),
    );
    expect(await response.text()).toContain("900000");
    await waitUntilSettled(email);
    const [row] = await listUsage(origins[adapter], key);
    expect(row).toMatchObject({ usage_source: "provider", ended_by: "complete" });
    expect(row?.tokens.output).toBeLessThan(100);
  });
});

test("the total limit holds while channels are still being tried: a 504, not a 500", async () => {
  const environment = {
    ...deployment.environment,
    HEADER_TIMEOUT_MS: "60000",
    TOTAL_TIMEOUT_MS: "1500",
  };
  const slow = await launchServer({ environment, hasPages: false });
  const { key } = await createCustomer();
  const response = await chat(slow.origin, key, body({ hang: true }));
  expect(response.status).toBe(504);
  await slow.stop();
});

/** Talks to the server in bytes; `until` resolves when what came matches. */
async function talk() {
  const { hostname, port } = new URL(origins["the Node server"]);
  const socket: Socket = connect(Number(port), hostname);
  let came = "";
  socket.on("data", (chunk) => (came += String(chunk)));
  socket.on("error", () => undefined);
  const untilClosed = new Promise<string>((resolve) => socket.once("close", () => resolve(came)));
  await new Promise((resolve) => socket.once("connect", resolve));
  const until = async (pattern: RegExp) => {
    await expect.poll(() => came, { interval: 25 }).toMatch(pattern);
    return came;
  };
  return { socket, until, untilClosed };
}

const head = (key: string, extraHeaders: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${extraHeaders}\r\n\r\n`;

test("a client that takes nothing of its answer is cut at the total limit, and settled", async () => {
  const { key, email } = await createCustomer();
  const text = JSON.stringify(body({ huge: 60_000_000 }));
  const { socket, untilClosed } = await talk();
  socket.pause();
  socket.write(head(key, `Content-Length: ${text.length}\r\nConnection: close`) + text);
  await expect.poll(async () => (await showAccount(email)).holds).toHaveLength(1);
  await expect.poll(async () => (await showAccount(email)).holds, { interval: 500 }).toEqual([]);
  expect(await listUsage(origins["the Node server"], key)).toMatchObject([{ ended_by: "timeout" }]);
  socket.resume();
  await untilClosed;
});

test("a client that asks first (Expect: 100-continue) gets 100, and then its response", async () => {
  const { key } = await createCustomer();
  const text = JSON.stringify(body({}));
  const { socket, until } = await talk();
  socket.write(
    head(key, `Expect: 100-continue\r\nContent-Length: ${text.length}\r\nConnection: close`),
  );
  expect(await until(/^HTTP\/1\.1 100 Continue\r\n\r\n/)).not.toContain("HTTP/1.1 200");
  socket.write(text);
  await until(/HTTP\/1\.1 200 OK/);
  socket.destroy();
  const otherSocket = await talk();
  otherSocket.socket.write(
    head(key, `Expect: a-miracle\r\nContent-Length: ${text.length}\r\nConnection: close`),
  );
  await otherSocket.until(/^HTTP\/1\.1 417/);
  otherSocket.socket.destroy();
});

test("a body that comes byte by byte, with a split character, arrives as it was", async () => {
  const { key } = await createCustomer();
  const bytes = Buffer.from(JSON.stringify(body({}, { user: "grüße 🌍" })));
  const { socket, until } = await talk();
  socket.write(head(key, "Transfer-Encoding: chunked\r\nConnection: close"));
  for (const byte of bytes) {
    socket.write(Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]));
    await sleep(5);
  }
  socket.write("0\r\n\r\n");
  await until(/HTTP\/1\.1 200 OK/);
  socket.destroy();
  expect((await providerRequests()).at(-1)?.bodySha256).toBe(
    createHash("sha256").update(bytes).digest("hex"),
  );
});

test("a client interrupted within its body reaches no provider and leaves no hold", async () => {
  const { key, email } = await createCustomer();
  const before = await countReceived();
  const { socket, untilClosed } = await talk();
  socket.write(head(key, "Content-Length: 5000"));
  socket.write('{"model":"gpt-6-luna","messages":[');
  await sleep(300);
  socket.destroy();
  await untilClosed;
  await sleep(300);
  expect(await countReceived()).toBe(before);
  expect(await waitUntilSettled(email)).toMatchObject({
    freeRequests: 20,
    holds: [],
    usage: { rows: 0 },
  });
});

test("a body without a length is refused at the cap, before it has all come", async () => {
  const { key } = await createCustomer();
  const { socket, until, untilClosed } = await talk();
  socket.write(head(key, "Transfer-Encoding: chunked"));
  const part = Buffer.concat([
    Buffer.from("100000\r\n"),
    Buffer.alloc(0x100000, 32),
    Buffer.from("\r\n"),
  ]);
  for (let i = 0; i < 34 && !socket.destroyed; i++) {
    socket.write(part);
    await sleep(1);
  }
  await until(/^HTTP\/1\.1 413/);
  socket.destroy();
  await untilClosed;
});
