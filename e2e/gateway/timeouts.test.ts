import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchServer, stopAll } from "../support/processes";
import {
  ask,
  chat,
  customer,
  received,
  rows,
  seen,
  settled,
  show,
  stage,
} from "../support/deployment";

const LIMITS = { HEADER_TIMEOUT_MS: "1500", IDLE_TIMEOUT_MS: "1500", TOTAL_TIMEOUT_MS: "5000" };
const origins = { "the fast door": "", "Next's door": "" };

beforeAll(async () => {
  for (const door of ["the fast door", "Next's door"] as const)
    origins[door] = (
      await launchServer({ door, environment: { ...stage.environment, ...LIMITS } })
    ).origin;
});
afterAll(stopAll);

const body = (directive: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  ...{ model: "gpt-4o-mini", max_tokens: 100, messages: [ask(directive)] },
  ...more,
});

describe.each(["the fast door", "Next's door"] as const)("through %s", (door) => {
  test("a provider that sends no headers in time is a 504, is charged by an estimate, and its connection is closed", async () => {
    const { key, email } = await customer();
    const startedAt = performance.now();
    const answer = await chat(origins[door], key, body({ hang: true }));
    const waited = performance.now() - startedAt;
    expect(answer.status).toBe(504);
    expect(await answer.text()).toContain("did not respond in time");
    expect(waited).toBeGreaterThan(1_000);
    expect(waited).toBeLessThan(4_500);
    expect((await settled(email)).freeRequests).toBe(19);
    expect(await rows(origins[door], key)).toMatchObject([
      { ended_by: "timeout", usage_source: "estimated" },
    ]);
    await expect.poll(async () => (await seen()).at(-1)?.closedEarlyAt).toBeTypeOf("number");
  });

  test("a stream that falls silent is cut, told apart in its row, and charged for what passed", async () => {
    const { key, email } = await customer();
    const startedAt = performance.now();
    const answer = await chat(
      origins[door],
      key,
      body({ chunks: 50, hangAfterChunks: 5 }, { stream: true }),
    );
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(4_500);
    expect((await settled(email)).freeRequests).toBe(19);
    expect(await rows(origins[door], key)).toMatchObject([
      { ended_by: "timeout", usage_source: "estimated", free: true },
    ]);
  });

  test("a stream that never falls silent ends at the total limit all the same", async () => {
    const { key, email } = await customer();
    const startedAt = performance.now();
    const answer = await chat(
      origins[door],
      key,
      body({ chunks: 100, chunkDelayMs: 200 }, { stream: true }),
    );
    await expect(answer.text()).rejects.toThrow();
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThan(4_500);
    expect(took).toBeLessThan(7_000);
    await settled(email);
    expect(await rows(origins[door], key)).toMatchObject([{ ended_by: "timeout" }]);
  });

  test("an answer that is shorter than it said is cut off, and settled", async () => {
    const { key, email } = await customer();
    const answer = await chat(origins[door], key, body({ lieLength: true }));
    await expect(answer.text()).rejects.toThrow();
    await settled(email);
    expect(await rows(origins[door], key)).toMatchObject([{ ended_by: "provider_cut" }]);
  });

  test("what follows the declared end of a stream reaches the client and not the bill", async () => {
    const { key, email } = await customer();
    const asked = { stream: true, stream_options: { include_usage: true } };
    const answer = await chat(origins[door], key, body({ garbageAfterDone: true }, asked));
    expect(await answer.text()).toContain("900000");
    await settled(email);
    const [row] = await rows(origins[door], key);
    expect(row).toMatchObject({ usage_source: "provider", ended_by: "complete" });
    expect(row?.tokens.output).toBeLessThan(100);
  });
});

test("the total limit holds while channels are still being tried: a 504, not a 500", async () => {
  const environment = {
    ...stage.environment,
    HEADER_TIMEOUT_MS: "60000",
    TOTAL_TIMEOUT_MS: "1500",
  };
  const slow = await launchServer({ environment });
  const { key } = await customer();
  const answer = await chat(slow.origin, key, body({ hang: true }));
  expect(answer.status).toBe(504);
  await slow.stop();
});

/** Talks to the server in bytes; `until` resolves when what came matches. */
async function talk() {
  const { hostname, port } = new URL(origins["the fast door"]);
  const socket: Socket = connect(Number(port), hostname);
  let came = "";
  socket.on("data", (chunk) => (came += String(chunk)));
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(came)));
  await new Promise((resolve) => socket.once("connect", resolve));
  const until = async (pattern: RegExp) => {
    for (let i = 0; i < 200 && !pattern.test(came); i++) await sleep(25);
    expect(came).toMatch(pattern);
    return came;
  };
  return { socket, until, closed };
}

const head = (key: string, more: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;

test("a client that takes nothing of its answer is cut at the total limit, and settled", async () => {
  const { key, email } = await customer();
  const text = JSON.stringify(body({ huge: 60_000_000 }));
  const { socket, closed } = await talk();
  socket.pause();
  socket.write(head(key, `Content-Length: ${text.length}\r\nConnection: close`) + text);
  await sleep(1_000);
  expect((await show(email)).holds).toHaveLength(1);
  await expect
    .poll(async () => (await show(email)).holds, { timeout: 15_000, interval: 500 })
    .toEqual([]);
  expect(await rows(origins["the fast door"], key)).toMatchObject([{ ended_by: "timeout" }]);
  socket.resume();
  await closed;
}, 30_000);

test("a client that asks first (Expect: 100-continue) is told to go on, and then answered", async () => {
  const { key } = await customer();
  const text = JSON.stringify(body({}));
  const { socket, until } = await talk();
  socket.write(
    head(key, `Expect: 100-continue\r\nContent-Length: ${text.length}\r\nConnection: close`),
  );
  expect(await until(/^HTTP\/1\.1 100 Continue\r\n\r\n/)).not.toContain("HTTP/1.1 200");
  socket.write(text);
  await until(/HTTP\/1\.1 200 OK/);
  socket.destroy();
  const other = await talk();
  other.socket.write(
    head(key, `Expect: a-miracle\r\nContent-Length: ${text.length}\r\nConnection: close`),
  );
  await other.until(/^HTTP\/1\.1 417/);
  other.socket.destroy();
});

test("a body that comes slowly, byte by byte and in two halves of a character, arrives as it was", async () => {
  const { key } = await customer();
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
  expect((await seen()).at(-1)?.bodySha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a client that breaks off within its body reaches no provider and leaves no hold", async () => {
  const { key, email } = await customer();
  const before = await received();
  const { socket, closed } = await talk();
  socket.write(head(key, "Content-Length: 5000"));
  socket.write('{"model":"gpt-4o-mini","messages":[');
  await sleep(300);
  socket.destroy();
  await closed;
  await sleep(300);
  expect(await received()).toBe(before);
  expect(await settled(email)).toMatchObject({ freeRequests: 20, holds: [], usage: { rows: 0 } });
});

test("a body without a length is refused at the cap, before it has all come", async () => {
  const { key } = await customer();
  const { socket, until, closed } = await talk();
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
  await closed;
});
