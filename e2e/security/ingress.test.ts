import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStripe } from "@/sandbox/stripe";
import { chat, customer, DOORS, received, stage } from "../support/deployment";
import { launchServer, type Launched } from "../support/processes";
import { openSocket, rawRequest, sendRaw, statusesOf } from "../support/raw-http";

const CANARY = "canary-ingress-3f9a";
const shared = customer({ credits: "5" });
const BODY = JSON.stringify({
  model: "gpt-4o-mini",
  max_tokens: 5,
  messages: [{ role: "user", content: "hi" }],
});

type Server = Launched & { origin: string };
let stripe: Awaited<ReturnType<typeof startStripe>>;
let server: Server;
/** A server that is reached through an edge, with small limits. */
let edge: Server;

beforeAll(async () => {
  stripe = await startStripe();
  const environment = { ...stage.environment, ONEKEY_SANDBOX_STRIPE: stripe.url };
  server = await launchServer({ environment: { ...environment, PAGE_BODY_TIMEOUT_MS: "1000" } });
  edge = await launchServer({
    environment: {
      ...environment,
      CLIENT_ADDRESS_HEADER: "x-edge-address",
      UNAUTHORIZED_PER_MINUTE: "5",
      CONNECTIONS_PER_ADDRESS: "4",
      CONNECTIONS_MAX: "64",
      PAGE_BODIES_BYTES_MAX: "4096",
    },
  });
}, 120_000);

afterAll(async () => {
  await Promise.all([server.stop(), edge.stop()]);
  await stripe.close();
});

/** The server serves on, in the process that it was. */
async function expectUp({ child, origin }: Server): Promise<void> {
  expect(child.exitCode).toBeNull();
  expect((await fetch(`${origin}/api/health`)).status).toBe(200);
  expect((await fetch(`${origin}/docs`)).status).toBe(200);
}

describe("headers of the connection end with the connection", () => {
  test.each([
    ["Trailer", ["Trailer: x"]],
    ["Trailer and Expect", ["Trailer: x", "Expect: 100-continue"]],
    ["Trailer with Connection", ["Trailer: x", "Connection: trailer"]],
    ["TE", ["TE: trailers", "Connection: te"]],
    ["Keep-Alive", ["Keep-Alive: timeout=1", "Proxy-Connection: keep-alive"]],
    ["Proxy-Authorization", ["Proxy-Authorization: Basic x"]],
    ["a Host that Connection names", ["Connection: host"]],
    ["h2c", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]],
    [
      "a middleware's override",
      ["x-middleware-override-headers: x", "x-middleware-rewrite: /v1/models"],
    ],
    ["a subrequest", ["x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy"]],
    ["an invoked path", ["x-invoke-path: /v1/models", "x-invoke-status: 500"]],
    ["a matched path", ["x-matched-path: /v1/models", "x-now-route-matches: 1=v1"]],
  ])("%s on a page is served and ends nothing", async (_, headers) => {
    const response = await sendRaw(server.origin, rawRequest({ target: "/docs", headers }));
    expect(statusesOf(response).at(-1)).toBe(200);
    expect(response).toContain("<html");
    await expectUp(server);
  });

  test("a body with trailers is read, and its trailers are left out", async () => {
    const response = await sendRaw(
      server.origin,
      "POST /api/stripe/webhook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTrailer: x-late\r\n" +
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-late: 1\r\n\r\n",
    );
    expect(statusesOf(response)).toEqual([400]);
    expect(response).toContain("signature");
    await expectUp(server);
  });

  test("Expect: 100-continue is answered when the body is wanted, and any other is a 417", async () => {
    const { key } = await shared;
    const headers = [`Authorization: Bearer ${key}`, "Content-Type: application/json"];
    const expecting = rawRequest({
      method: "POST",
      target: "/v1/chat/completions",
      headers: [...headers, "Expect: 100-continue"],
      body: BODY,
    });
    expect(statusesOf(await sendRaw(server.origin, expecting))).toEqual([100, 200]);
    const other = rawRequest({ target: "/v1/models", headers: ["Expect: 200-ok"] });
    const response = await sendRaw(server.origin, other);
    expect(statusesOf(response)).toEqual([417]);
    expect(response).toContain('"error"');
  });

  test("a request that is rejected without its body is not asked for it", async () => {
    const response = await sendRaw(
      server.origin,
      "POST /x/../v1/messages HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n",
    );
    expect(statusesOf(response)).toEqual([400]);
  });
});

describe("a path is served under one spelling", () => {
  const apiTargets = [
    ...[
      "/x/../v1/models",
      "/./v1/models",
      "/%2e/v1/models",
      "/%2E%2E/v1/models",
      "/v1/../v1/models",
    ],
    ...["/%252e/v1/models", "/\\v1/models", "/x%5c..%5cv1/models", "//v1/models"],
    ...[
      "/%76%31/models",
      "/v%31/models",
      "/v1/./models",
      "/docs/..%2fv1/models",
      "/v1beta/%2e%2e/v1/models",
    ],
    "/upload/../v1/models",
  ];
  test.each(apiTargets.map((target) => [target]))("%s is a 400 in JSON", async (target) => {
    const { key } = await shared;
    const before = await received();
    for (const method of ["GET", "POST"]) {
      const response = await sendRaw(
        server.origin,
        rawRequest({ method, target, headers: [`Authorization: Bearer ${key}`], body: "{}" }),
      );
      expect(statusesOf(response)).toEqual([400]);
      expect(response).toMatch(/content-type: application\/json/i);
      expect(response).toContain("invalid_request_error");
    }
    expect(await received()).toBe(before);
  });

  test("an error has the dialect of the path that was meant", async () => {
    const gemini = await sendRaw(server.origin, rawRequest({ target: "/x/../v1beta/models" }));
    expect(gemini).toContain("INVALID_ARGUMENT");
    const anthropic = await sendRaw(server.origin, rawRequest({ target: "/x/../v1/messages" }));
    expect(anthropic).toContain('"type":"error"');
  });

  test.each([
    "/docs/../pricing",
    "/docs//api",
    "/docs%2fapi",
    "/docs/%00",
    "/docs/%zz",
    "/a\\b",
    "*",
  ])("%s is a 400 in plain words", async (target) => {
    const response = await sendRaw(server.origin, rawRequest({ target }));
    expect(statusesOf(response)).toEqual([400]);
    expect(response).toMatch(/content-type: text\/plain/i);
  });

  test.each(DOORS)("%s serves nothing under an encoded path", async (_, origin) => {
    const { key } = await shared;
    const before = await received();
    for (const target of [
      "/v1/%2e%2e/v1/models",
      "/v1/models%5cx",
      "/v1/%6dodels",
      "/%76%31/models",
    ]) {
      const response = await sendRaw(
        origin,
        rawRequest({ target, headers: [`Authorization: Bearer ${key}`] }),
      );
      if (origin === stage.fast) expect(statusesOf(response), target).toEqual([400]);
      else expect(response, target).not.toContain("/home/");
    }
    expect(await received()).toBe(before);
  });
});

describe("an upgrade is answered", () => {
  const websocket = [
    ...["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  const request = (target: string) =>
    `GET ${target} HTTP/1.1\r\nHost: x\r\n${websocket.join("\r\n")}\r\n\r\n`;

  test.each(["/v1/responses", "/v1/realtime", "/v1beta/models"])("%s is a 426", async (target) => {
    const response = await sendRaw(server.origin, request(target));
    expect(statusesOf(response)).toEqual([426]);
    expect(response).toMatch(/^upgrade: HTTP\/1\.1/im);
    expect(response).toMatch(/^connection: Upgrade/im);
    expect(response).toContain('"error"');
  });

  test.each(["/_next/webpack-hmr", "/docs", "/api/health"])("%s is a 400", async (target) => {
    expect(statusesOf(await sendRaw(server.origin, request(target)))).toEqual([400]);
  });

  test("CONNECT is a 405", async () => {
    const response = await sendRaw(
      server.origin,
      "CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    expect(statusesOf(response)).toEqual([405]);
    await expectUp(server);
  });
});

describe("what a client may send has limits", () => {
  test("too many headers and too large headers are a 431", async () => {
    const many = Array.from({ length: 200 }, (_, i) => `x-${i}: 1`);
    expect(statusesOf(await sendRaw(server.origin, rawRequest({ headers: many })))).toEqual([431]);
    const large = [`x-large: ${"a".repeat(20_000)}`];
    expect(statusesOf(await sendRaw(server.origin, rawRequest({ headers: large })))).toEqual([431]);
  });

  test("a page's body that is too large is a 413, one that takes too long a 408", async () => {
    const head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\n";
    const large = `${head}Content-Length: 9999999\r\n\r\n`;
    expect(statusesOf(await sendRaw(server.origin, large, { waitMs: 3_000 }))).toEqual([413]);
    const slow = `${head}Content-Length: 100\r\n\r\nabc`;
    expect(statusesOf(await sendRaw(server.origin, slow, { waitMs: 10_000 }))).toEqual([408]);
  });

  test("bodies of pages share a budget, and the webhook has a separate one", async () => {
    const body = "a".repeat(3_000);
    const partial = (address: string) =>
      `POST /sign-in HTTP/1.1\r\nHost: x\r\nx-edge-address: ${address}\r\nContent-Length: 3001\r\n\r\n${body}`;
    const first = openSocket(edge.origin, () => first.write(partial("192.0.2.1")));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const second = await sendRaw(edge.origin, partial("192.0.2.2"), { waitMs: 3_000 });
    expect(statusesOf(second)).toEqual([503]);
    expect(second).toMatch(/^retry-after: \d/im);
    const webhook = await fetch(`${edge.origin}/api/stripe/webhook`, { method: "POST", body });
    expect(webhook.status).toBe(400);
    first.destroy();
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
    const many = await sendRaw(server.origin, get("/docs").repeat(500));
    expect(statusesOf(many).length).toBeLessThan(20);
    await expectUp(server);
  });

  test("a half-closed request is answered", async () => {
    const request = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    expect(statusesOf(await sendRaw(server.origin, request, { halfClose: true }))).toEqual([200]);
    const unfinished = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab";
    await sendRaw(server.origin, unfinished, { halfClose: true });
    await expectUp(server);
  });

  test("idle and slow connections make room for new ones", async () => {
    const slow = Array.from({ length: 200 }, (_, i) =>
      openSocket(edge.origin).on("connect", function (this: ReturnType<typeof openSocket>) {
        this.write(i % 2 ? "GET /docs HTTP/1.1\r\nHost: x\r\nX-A: " : "");
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (let i = 0; i < 5; i++) expect((await fetch(`${edge.origin}/api/health`)).status).toBe(200);
    const closed = slow.filter((socket) => socket.destroyed || socket.readyState !== "open").length;
    expect(closed).toBeGreaterThan(100);
    for (const socket of slow) socket.destroy();
  });

  test("requests in progress are limited for each client address behind an edge", async () => {
    const { key } = await shared;
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
    const { key } = await shared;
    const unknown = `${key.slice(0, -8)}00000000`;
    const bad = "203.0.113.7";
    for (let i = 0; i < 5; i++) expect((await models(bad, unknown)).status).toBe(401);
    for (const presented of [unknown, undefined, "sk-other"]) {
      const response = await models(bad, presented);
      expect(response.status).toBe(429);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({ error: { type: "rate_limit_error" } });
    }
    expect((await models(bad, key)).status).toBe(200);
    expect((await models("203.0.113.8", unknown)).status).toBe(401);
  });
});

describe("a page believes nothing that only an edge may say", () => {
  test.each([
    "/none.js",
    "/none.css",
    "/none.png",
    "/none.json",
    "/_next/none",
    "/_next/static/none.js",
    "/api/none",
    "/v1x",
    "/none/a.txt",
  ])("%s has a policy, refuses frames, and uses no nonce of the client's", async (path) => {
    for (const origin of [server.origin, stage.next]) {
      const response = await fetch(`${origin}${path}`, {
        headers: { "x-nonce": CANARY, "x-area": "site", "content-security-policy": CANARY },
      });
      const text = await response.text();
      expect(response.status, path).toBe(404);
      expect(text).not.toContain(CANARY);
      if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(response.headers.get("x-frame-options")).toBe("DENY");
    }
  });

  test.each(DOORS)("%s takes forms only with an Origin of ours", async (_, origin) => {
    const post = (headers: Record<string, string>) =>
      fetch(`${origin}/sign-in`, {
        method: "POST",
        headers: {
          "content-type": "text/plain;charset=UTF-8",
          "next-action": "0".repeat(42),
          ...headers,
        },
        body: "[]",
        redirect: "manual",
      });
    const foreign: Record<string, string>[] = [
      {},
      { origin: "null" },
      { origin: "http://evil.example" },
      { origin: "http://evil.example", "x-forwarded-host": "evil.example" },
      { origin: "http://evil.example", forwarded: "host=evil.example" },
    ];
    for (const headers of foreign) expect((await post(headers)).status).toBe(403);
    expect((await post({ origin })).status).not.toBe(403);
  });

  test("no page repeats a host of the client's", async () => {
    const names = [
      "x-forwarded-host",
      "x-forwarded-server",
      "x-host",
      "x-original-host",
      "forwarded",
    ];
    for (const path of [
      "/",
      "/sign-in",
      "/dashboard",
      "/docs",
      "/docs/",
      "/sitemap.xml",
      "/robots.txt",
    ]) {
      const response = await fetch(`${server.origin}${path}`, {
        headers: Object.fromEntries(names.map((name) => [name, `${CANARY}.example`])),
        redirect: "manual",
      });
      expect(await response.text()).not.toContain(CANARY);
      expect(response.headers.get("location") ?? "").not.toContain(CANARY);
    }
  });
});

test("whatever requests say, the output of a server is events without a word of theirs", async () => {
  const before = server.output().length;
  await fetch(`${server.origin}/sign-in`, {
    method: "POST",
    headers: { origin: server.origin, "next-action": CANARY, "content-type": "text/plain" },
    body: CANARY,
  });
  await fetch(`${server.origin}/sign-in`, {
    method: "POST",
    headers: {
      origin: server.origin,
      "content-type": `multipart/form-data; boundary=${CANARY}`,
      "next-action": "0".repeat(42),
    },
    body: `--${CANARY}\r\nbroken`,
  });
  for (const path of ["/_next/image", "/_next/data/x/y.json", "/docs", "/dashboard", "/none"])
    await fetch(`${server.origin}${path}?${CANARY}=${encodeURIComponent(`\n{"at":"${CANARY}"`)}`, {
      headers: {
        rsc: "1",
        "next-router-state-tree": `%5B${CANARY}`,
        cookie: `next-auth.session-token=${CANARY}`,
        referer: `http://${CANARY}`,
      },
      redirect: "manual",
    });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const output = server.output();
  expect(output).not.toContain(CANARY);
  for (const line of output.slice(before).split("\n").filter(Boolean))
    expect(JSON.parse(line)).toMatchObject({ at: expect.any(String), event: expect.any(String) });
});

test("1,000 slow pages and 1,000 upgrades keep health, the gateway and the webhook waiting for nothing", async () => {
  const { key } = await shared;
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
