import { once } from "node:events";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chat, createCustomer } from "../support/shared-deployment";
import { expectUp, startIngressServer, type IngressServer } from "../support/ingress-server";
import { openSocket, rawRequest, sendRaw, statusesOf } from "../support/raw-http";

const sharedCustomer = createCustomer({ credits: "5" });
const BODY = JSON.stringify({
  model: "gpt-6-luna",
  max_tokens: 5,
  messages: [{ role: "user", content: "hi" }],
});

let server: IngressServer;
/** A server that is reached through an edge, with small limits. */
let edge: IngressServer;

beforeAll(async () => {
  server = await startIngressServer({ PAGE_BODY_TIMEOUT_MS: "1000" });
  edge = await startIngressServer({
    CLIENT_ADDRESS_HEADER: "x-edge-address",
    UNAUTHORIZED_PER_MINUTE: "5",
    CONNECTIONS_PER_ADDRESS: "4",
    CONNECTIONS_MAX: "64",
    PAGE_BODIES_BYTES_MAX: "4096",
  });
});
afterAll(() => Promise.all([server.stop(), edge.stop()]));

describe("what a client may send has limits", () => {
  test("too many headers and too large headers are a 431", async () => {
    const manyHeaders = Array.from({ length: 200 }, (_, i) => `x-${i}: 1`);
    expect(statusesOf(await sendRaw(server.origin, rawRequest({ headers: manyHeaders })))).toEqual([
      431,
    ]);
    const large = [`x-large: ${"a".repeat(20_000)}`];
    expect(statusesOf(await sendRaw(server.origin, rawRequest({ headers: large })))).toEqual([431]);
  });

  test("a page's body that is too large is a 413, one that takes too long a 408", async () => {
    const head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\n";
    const large = `${head}Content-Length: 9999999\r\n\r\n`;
    expect(statusesOf(await sendRaw(server.origin, large, { waitMs: 60_000 }))).toEqual([413]);
    const slow = `${head}Content-Length: 100\r\n\r\nabc`;
    expect(statusesOf(await sendRaw(server.origin, slow, { waitMs: 60_000 }))).toEqual([408]);
  });

  test("bodies of pages share a budget: the slowest is dropped; the webhook has another", async () => {
    const partial = (address: string, bytes: number) =>
      `POST /sign-in HTTP/1.1\r\nHost: x\r\nx-edge-address: ${address}\r\nContent-Length: 3001\r\nConnection: close\r\n\r\n${"a".repeat(bytes)}`;
    const slow = sendRaw(edge.origin, partial("192.0.2.1", 3_000), { waitMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const webhook = await fetch(`${edge.origin}/api/stripe/webhook`, {
      method: "POST",
      body: "a".repeat(3_000),
    });
    expect(webhook.status).toBe(400);
    const quick = await sendRaw(edge.origin, partial("192.0.2.2", 3_001), { waitMs: 60_000 });
    expect(statusesOf(quick)).toEqual([403]);
    expect(statusesOf(await slow)).toEqual([503]);
    expect(await slow).toMatch(/^retry-after: \d/im);
  });

  test("an unknown method is a 405 with Allow", async () => {
    const response = await sendRaw(
      server.origin,
      rawRequest({ method: "PROPFIND", target: "/docs" }),
    );
    expect(statusesOf(response)).toEqual([405]);
    expect(response).toMatch(/^allow: /im);
  });

  test("requests sent ahead are answered in order, and too many close the connection", async () => {
    const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const three =
      get("/api/health") +
      get("/x/../v1") +
      get("/api/health").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    expect(statusesOf(await sendRaw(server.origin, three))).toEqual([200, 400, 200]);
    const pipelinedText = await sendRaw(server.origin, get("/docs").repeat(500));
    expect(statusesOf(pipelinedText).length).toBeLessThan(20);
    await expectUp(server);
  });

  test("a half-closed request is answered", async () => {
    const request = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    expect(statusesOf(await sendRaw(server.origin, request, { halfClose: true }))).toEqual([200]);
    const partialRequest = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab";
    await sendRaw(server.origin, partialRequest, { halfClose: true });
    await expectUp(server);
  });

  test("idle and slow connections are closed for new ones", async () => {
    const slow = Array.from({ length: 200 }, () => openSocket(edge.origin));
    await Promise.all(slow.map((socket) => once(socket, "connect")));
    for (const [i, socket] of slow.entries())
      if (i % 2) socket.write("GET /docs HTTP/1.1\r\nHost: x\r\nX-A: ");
    const health = rawRequest({ target: "/api/health" });
    for (let i = 0; i < 5; i++)
      expect(statusesOf(await sendRaw(edge.origin, health))).toEqual([200]);
    const isClosed = (socket: Socket) => socket.destroyed || socket.readyState !== "open";
    await expect.poll(() => slow.filter(isClosed).length).toBeGreaterThan(100);
    for (const socket of slow) socket.destroy();
  });

  test("requests in progress are limited for each client address behind an edge", async () => {
    const { key } = await sharedCustomer;
    const body = {
      ...JSON.parse(BODY),
      messages: [{ role: "user", content: 'hi [[sandbox: {"delayMs": 1500}]]' }],
    };
    const from = (address: string) =>
      chat(edge.origin, key, body, { headers: { "x-edge-address": address } });
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async () => (await from("198.51.100.1")).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect((await from("198.51.100.1")).status).toBe(200);
  });
});

describe("requests with an invalid key are limited for each client address", () => {
  const models = (address: string, key?: string) =>
    fetch(`${edge.origin}/v1/models`, {
      headers: { "x-edge-address": address, ...(key ? { authorization: `Bearer ${key}` } : {}) },
    });

  test("over the limit they are a 429 in the path's dialect; others and valid keys are served", async () => {
    const { key } = await sharedCustomer;
    const unknown = `${key.slice(0, -8)}00000000`;
    const bad = "203.0.113.7";
    for (let i = 0; i < 5; i++) expect((await models(bad, unknown)).status).toBe(401);
    for (const wrongKey of [unknown, undefined, "sk-other"]) {
      const response = await models(bad, wrongKey);
      expect(response.status).toBe(429);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({ error: { type: "rate_limit_error" } });
    }
    expect((await models(bad, key)).status).toBe(200);
    expect((await models("203.0.113.8", unknown)).status).toBe(401);
  });
});

test("1,000 slow pages and 1,000 upgrades delay neither health, gateway nor webhook", async () => {
  const { key } = await sharedCustomer;
  const upgrade =
    "GET /_next/webpack-hmr HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  const slow = `POST /sign-in HTTP/1.1\r\nHost: x\r\nOrigin: ${server.origin}\r\nContent-Type: text/plain\r\nnext-action: ${"0".repeat(42)}\r\nContent-Length: 1000\r\n\r\na`;
  const sockets = Array.from({ length: 2_000 }, (_, i) => {
    const socket = openSocket(server.origin, () => socket.write(i % 2 ? upgrade : slow));
    if (i % 2) return socket;
    const timer = setInterval(() => socket.write("a"), 200);
    return socket.on("close", () => clearInterval(timer));
  });
  for (let round = 0; round < 10; round++) {
    const [health, ready, models, completion, webhook, page] = await Promise.all([
      fetch(`${server.origin}/api/health`),
      fetch(`${server.origin}/api/health/ready`),
      fetch(`${server.origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } }),
      chat(server.origin, key, BODY),
      fetch(`${server.origin}/api/stripe/webhook`, { method: "POST", body: "{}" }),
      fetch(`${server.origin}/docs`),
    ]);
    expect([health, ready, models, completion].map(({ status }) => status)).toEqual([
      200, 200, 200, 200,
    ]);
    expect(webhook.status).toBe(400);
    expect(page.status).toBe(200);
    await Promise.all([models, completion, page].map((response) => response.arrayBuffer()));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const socket of sockets) socket.destroy();
});
