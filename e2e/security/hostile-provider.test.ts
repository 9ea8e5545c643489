import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorOf } from "../support/cli";
import { freePort, launch, stopAll, waitForHealth } from "../support/processes";

const CREDENTIAL = "our-own-credential-at-the-provider";
let response = "";
let requestCount = 0;
let provider: Server;
let origin: string;
let key: string;
let email: string;
let operator: ReturnType<typeof operatorOf>;
let dir: string;

/** A live server whose provider is a socket of ours that answers whatever the test says, byte for byte. */
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-hostile-"));
  const [providerPort, port] = [await freePort(), await freePort()];
  provider = createServer((socket) => {
    let request = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      request += String(chunk);
      const end = request.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
      if (end < 0 || request.length < end + 4 + length) return;
      requestCount++;
      request = "";
      socket.write(response, "latin1");
      setTimeout(() => socket.end(), 50);
    });
  }).listen(providerPort, "127.0.0.1");
  const environment = {
    ONEKEY_MODE: "live",
    CONTACT_EMAIL: "help@example.com",
    ONEKEY_DATA_DIR: dir,
    PORT: String(port),
    HOST: "127.0.0.1",
    OPENAI_API_KEY: CREDENTIAL,
    OPENAI_BASE_URL: `http://127.0.0.1:${providerPort}/v1`,
    HEADER_TIMEOUT_MS: "3000",
    IDLE_TIMEOUT_MS: "3000",
  };
  await launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  await launch({ script: "dist/server.js", environment, hasPages: false });
  origin = `http://127.0.0.1:${port}`;
  await waitForHealth(origin);
  operator = operatorOf(environment, { isSteady: true });
  ({ key, email } = await operator.createCustomer({ credits: "5" }));
});

afterAll(async () => {
  await stopAll();
  provider.close();
  await rm(dir, { recursive: true, force: true });
});

/** Everything that the client's socket received. */
function exchange(): Promise<string> {
  const body = JSON.stringify({
    model: "gpt-6-luna",
    max_tokens: 5,
    messages: [{ role: "user", content: "hi" }],
  });
  return new Promise((resolve) => {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname, () =>
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    let text = "";
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("close", () => resolve(text));
    socket.on("error", () => resolve(text));
    setTimeout(() => socket.destroy(), 20_000);
  });
}

const JSON_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const OK = '{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}';
const HOSTILE: [string, string][] = [
  [
    "a second response after the first",
    `${JSON_HEAD}Content-Length: ${OK.length}\r\n\r\n${OK}HTTP/1.1 200 OK\r\nX-Split: yes\r\n\r\n`,
  ],
  [
    "a bare LF in a header",
    `${JSON_HEAD}X-Request-Id: a\nX-Split: yes\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`,
  ],
  [
    "a bare CR in a header",
    `${JSON_HEAD}X-Request-Id: a\rX-Split: yes\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`,
  ],
  [
    "both lengths",
    `${JSON_HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX-Split: yes`,
  ],
  [
    "a cookie, a place to go and CORS for all",
    `${JSON_HEAD}Set-Cookie: X-Split=1\r\nLocation: http://127.0.0.1/X-Split\r\nAccess-Control-Allow-Origin: X-Split\r\nX-Powered-By: X-Split\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`,
  ],
  [
    "a redirect",
    `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/X-Split\r\nContent-Length: 0\r\n\r\n`,
  ],
  [
    "another protocol",
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: X-Split\r\nConnection: upgrade\r\n\r\nX-Split`,
  ],
  ["an impossible status", `HTTP/1.1 99999 X-Split\r\nContent-Length: 0\r\n\r\n`],
  ["no HTTP at all", `X-Split: yes\r\n\r\n`],
  ["headers without end", `${JSON_HEAD}X-A: ${"a".repeat(200_000)}`],
  ["a length that is a lie", `${JSON_HEAD}Content-Length: 500\r\n\r\n${OK}`],
  [
    "a compressed body that is none",
    `${JSON_HEAD}Content-Encoding: gzip\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`,
  ],
];

test.each(HOSTILE)(
  "a provider that answers with %s adds nothing to the answer's head",
  async (_, bytes) => {
    response = bytes;
    const before = requestCount;
    const text = await exchange();
    expect(requestCount).toBeGreaterThan(before);
    const head = text.slice(0, text.indexOf("\r\n\r\n"));
    expect(head).toMatch(/^HTTP\/1\.1 (200|302|502|503|504) /);
    expect(head).toMatch(/^x-onekey-request-id: req_/im);
    expect(head).not.toMatch(/x-split|set-cookie|^location|access-control/im);
    expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(text).not.toContain(CREDENTIAL);
  },
);

const FAILED = `{"error":{"message":"The server had an error.","type":"server_error"}}`;
const FREE_OF_CHARGE: [string, number, string][] = [
  [
    "a redirect",
    307,
    "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
  ],
  [
    "an error that is called a success",
    200,
    `${JSON_HEAD}Content-Length: ${FAILED.length}\r\n\r\n${FAILED}`,
  ],
  [
    "a stream of nothing but an error",
    200,
    `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: ${FAILED}\n\n`,
  ],
];
test.each(FREE_OF_CHARGE)("%s, which answers nothing, costs nothing", async (_, status, bytes) => {
  response = bytes;
  const id = /^x-onekey-request-id: (req_\w+)/im.exec(await exchange())?.[1];
  let row: { status?: number } = {};
  for (let i = 0; i < 50 && row.status === undefined; i++) {
    const usageResponse = await fetch(`${origin}/v1/usage/${id}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (usageResponse.ok) row = (await usageResponse.json()) as { status?: number };
  }
  expect(row).toMatchObject({ status, ended_by: "provider_error", cost_nano: 0, free: false });
});

test("after all of it the server answers, no hold is left and the books balance", async () => {
  response = `${JSON_HEAD}Content-Length: ${OK.length}\r\n\r\n${OK}`;
  let text = "";
  // The only channel may still be in cooldown after so many failures.
  for (let i = 0; i < 60 && !text.startsWith("HTTP/1.1 200"); i++) {
    text = await exchange();
    if (!text.startsWith("HTTP/1.1 200"))
      await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  expect(text).toContain(OK);
  expect((await operator.waitUntilSettled(email)).holds).toEqual([]);
  expect(await operator.auditProblems()).toEqual([]);
});
