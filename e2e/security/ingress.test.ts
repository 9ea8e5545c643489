import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCustomer, ADAPTERS, countReceived, deployment } from "../support/shared-deployment";
import { expectUp, startIngressServer, type IngressServer } from "../support/ingress-server";
import { rawRequest, sendRaw, statusesOf } from "../support/raw-http";

const sharedCustomer = createCustomer({ credits: "5" });
const BODY = JSON.stringify({
  model: "gpt-6-luna",
  max_tokens: 5,
  messages: [{ role: "user", content: "hi" }],
});

let server: IngressServer;
beforeAll(async () => {
  server = await startIngressServer();
});
afterAll(() => server.stop());

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
    const { key } = await sharedCustomer;
    const headers = [`Authorization: Bearer ${key}`, "Content-Type: application/json"];
    const expecting = rawRequest({
      method: "POST",
      target: "/v1/chat/completions",
      headers: [...headers, "Expect: 100-continue"],
      body: BODY,
    });
    expect(statusesOf(await sendRaw(server.origin, expecting))).toEqual([100, 200]);
    const otherExpect = rawRequest({ target: "/v1/models", headers: ["Expect: 200-ok"] });
    const response = await sendRaw(server.origin, otherExpect);
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
    "/x/../v1/models",
    "/./v1/models",
    "/%2e/v1/models",
    "/%2E%2E/v1/models",
    "/%252e/v1/models",
    "/\\v1/models",
    "/x%5c..%5cv1/models",
    "//v1/models",
    "/%76%31/models",
    "/v%31/models",
    "/docs/..%2fv1/models",
    "/v1beta/%2e%2e/v1/models",
  ];
  test.each(apiTargets.map((target) => [target]))("%s is a 400 in JSON", async (target) => {
    const { key } = await sharedCustomer;
    const before = await countReceived();
    for (const method of ["GET", "POST"]) {
      const response = await sendRaw(
        server.origin,
        rawRequest({ method, target, headers: [`Authorization: Bearer ${key}`], body: "{}" }),
      );
      expect(statusesOf(response)).toEqual([400]);
      expect(response).toMatch(/content-type: application\/json/i);
      expect(response).toContain("invalid_request_error");
    }
    expect(await countReceived()).toBe(before);
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

  test.each(ADAPTERS)("%s serves nothing under an encoded path", async (_, origin) => {
    const { key } = await sharedCustomer;
    const before = await countReceived();
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
      if (origin === deployment.fast) expect(statusesOf(response), target).toEqual([400]);
      else expect(response, target).not.toContain("/home/");
    }
    expect(await countReceived()).toBe(before);
  });
});

describe("an upgrade is answered", () => {
  const websocket = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  const request = (target: string) =>
    `GET ${target} HTTP/1.1\r\nHost: x\r\n${websocket.join("\r\n")}\r\n\r\n`;

  test.each(["/v1/messages", "/v1/realtime", "/v1beta/models"])("%s is a 426", async (target) => {
    const response = await sendRaw(server.origin, request(target));
    expect(statusesOf(response)).toEqual([426]);
    expect(response).toMatch(/^upgrade: HTTP\/1\.1/im);
    expect(response).toMatch(/^connection: Upgrade/im);
    expect(response).toContain('"error"');
  });

  test("a WebSocket at /v1/responses without a key is a 401, and one without a handshake a 426", async () => {
    expect(statusesOf(await sendRaw(server.origin, request("/v1/responses")))).toEqual([401]);
    const withoutKey = websocket.filter((header) => !header.startsWith("Sec-WebSocket-Key"));
    const incomplete = `GET /v1/responses HTTP/1.1\r\nHost: x\r\n${withoutKey.join("\r\n")}\r\n\r\n`;
    expect(statusesOf(await sendRaw(server.origin, incomplete))).toEqual([426]);
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
