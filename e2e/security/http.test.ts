import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  messageWith,
  chat,
  createCustomer,
  ADAPTERS,
  countReceived,
  providerRequests,
  deployment,
} from "../support/shared-deployment";

const sharedCustomer = createCustomer({ credits: "5" });
const { hostname, port } = new URL(deployment.fast);
const BODY = JSON.stringify({
  model: "gpt-6-luna",
  max_tokens: 5,
  messages: [{ role: "user", content: "hi" }],
});

/** Bytes as they are to the Node server; what came back until it closed, or for three seconds. */
const raw = (text: string) =>
  new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let response = "";
    socket.on("data", (chunk) => (response += String(chunk)));
    socket.on("close", () => resolve(response));
    socket.on("error", () => resolve(response));
    setTimeout(() => socket.destroy(), 3_000);
  });

/** A complete request hidden where a body should be: if any framing trick worked, the provider would be asked. */
const smugglingRequest = (key: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

const HEAD = "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const FRAMINGS: [string, (hidden: string) => string][] = [
  [
    "both lengths",
    (h) => `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${h}`,
  ],
  ["two lengths", (h) => `${HEAD}Content-Length: 0\r\nContent-Length: ${h.length}\r\n\r\n${h}`],
  ["a list of lengths", (h) => `${HEAD}Content-Length: 0, ${h.length}\r\n\r\n${h}`],
  ["a length with a sign", (h) => `${HEAD}Content-Length: +0\r\n\r\n${h}`],
  ["bare LF", (h) => `${HEAD.replaceAll("\r\n", "\n")}Content-Length: 0\n\n${h}`],
  ["a bare LF inside a header", (h) => `${HEAD}X-A: a\nContent-Length: 0\r\n\r\n${h}`],
  [
    "a folded header",
    (h) => `${HEAD}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${h}`,
  ],
  [
    "a space before the colon",
    (h) => `${HEAD}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${h}`,
  ],
  ["an unknown coding", (h) => `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${h}`],
  [
    "chunked and then another",
    (h) => `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${h}`,
  ],
  [
    "a chunk size that overflows",
    (h) => `${HEAD}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n${h}`,
  ],
  ["a chunk size in a bare LF line", (h) => `${HEAD}Transfer-Encoding: chunked\r\n\r\n0\n\n${h}`],
  [
    "a chunk that is longer than it says",
    (h) => `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n${h}`,
  ],
  ["a NUL in a header", (h) => `${HEAD}X-A: \0\r\nContent-Length: 0\r\n\r\n${h}`],
];

test.each(FRAMINGS)("request smuggling: %s hides no second request", async (_, frame) => {
  const { key } = await sharedCustomer;
  const before = await countReceived();
  const response = await raw(frame(smugglingRequest(key)));
  expect(await countReceived()).toBe(before);
  expect(response).not.toContain("chat.completion");
  // Whatever was answered first, the connection is not used on.
  expect(response.match(/^HTTP\/1\.1 /gm)?.length ?? 0).toBeLessThanOrEqual(1);
});

test("a header cannot be injected through a header's value, a path or a query", async () => {
  const { key } = await sharedCustomer;
  for (const line of [
    `X-Client-Request-Id: a\rX-Injected: yes`,
    `User-Agent: a\nX-Injected: yes`,
    `Accept-Language: a\u0000b`,
  ]) {
    const before = await countReceived();
    await raw(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\n${line}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
    );
    const providerCount = (await countReceived()) - before;
    if (providerCount > 0)
      expect((await providerRequests()).at(-1)?.headers).not.toHaveProperty("x-injected");
  }
});

test.each(ADAPTERS)(
  "through %s a provider never sees cookies, addresses, accounts or the customer's key",
  async (_, origin) => {
    const { key } = await sharedCustomer;
    const secret = "client-side-secret";
    const private_ = {
      cookie: `next-auth.session-token=${secret}`,
      "x-forwarded-for": `203.0.113.9, ${secret}`,
      "x-real-ip": secret,
      "cf-connecting-ip": secret,
      forwarded: `for=${secret}`,
      "openai-organization": secret,
      "openai-project": secret,
      "x-goog-user-project": secret,
      "anthropic-workspace-id": secret,
      "proxy-authorization": secret,
      referer: `http://x/${secret}`,
      origin: `http://${secret}`,
    };
    const response = await chat(origin, key, BODY, { headers: private_ });
    expect(response.status).toBe(200);
    const upstreamHeaders = JSON.stringify((await providerRequests()).at(-1)?.headers);
    expect(upstreamHeaders).not.toContain(secret);
    expect(upstreamHeaders).not.toContain(key);
  },
);

test.each(ADAPTERS)(
  "through %s a query cannot choose a credential, drop the usage or change the encoding",
  async (_, origin) => {
    const { key } = await sharedCustomer;
    const body = JSON.stringify({
      contents: [{ parts: [{ text: "hi" }] }],
      generationConfig: { maxOutputTokens: 5 },
    });
    const generate = (query: string) =>
      fetch(`${origin}/v1beta/models/gemini-3.5-flash-lite:generateContent?${query}`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", "x-goog-api-key": key },
      });
    for (const query of [
      "fields=candidates",
      "%66ields=candidates",
      "access_token=x",
      "$fields=candidates",
      "alt=proto",
      "alt=sse&alt=media",
      "callback=x",
      "quotaUser=x",
    ]) {
      const before = await countReceived();
      const response = await generate(query);
      expect(response.status, query).toBe(400);
      expect(((await response.json()) as { error: { status: string } }).error.status).toBe(
        "INVALID_ARGUMENT",
      );
      expect(await countReceived()).toBe(before);
    }
    expect((await generate(`alt=json&%6bey=${key}`)).status).toBe(200);
    expect((await providerRequests()).at(-1)?.path).not.toContain(key);
    expect(JSON.stringify((await providerRequests()).at(-1))).not.toContain(key);
    expect((await chat(origin, key, BODY)).status).toBe(200);
    const compatible = await fetch(`${origin}/v1/chat/completions?fields=choices`, {
      method: "POST",
      body: BODY,
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    });
    expect(compatible.status).toBe(400);
  },
);

async function residentBytes(): Promise<number> {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(
    await readFile(`/proc/${deployment.pids.fast}/status`, "utf8"),
  );
  return Number(line?.[1]) * 1024;
}

test("a compressed bomb is refused without being fully unpacked", async () => {
  const { key } = await sharedCustomer;
  const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024, " "));
  const [before, providerCount] = [await residentBytes(), await countReceived()];
  const response = await chat(deployment.fast, key, bomb, {
    headers: { "content-encoding": "gzip" },
  });
  const growth = (await residentBytes()) - before;
  console.log(
    `${bomb.length} bytes that unpack to 512 MiB: ${response.status}, ${Math.round(growth / 1024 / 1024)} MiB more resident`,
  );
  expect(response.status).toBe(413);
  expect(await countReceived()).toBe(providerCount);
  expect(growth).toBeLessThan(256 * 1024 * 1024);
  const nestedGzip = gzipSync(gzipSync(Buffer.from(BODY)));
  expect(
    (
      await chat(deployment.fast, key, nestedGzip, {
        headers: { "content-encoding": "gzip, gzip" },
      })
    ).status,
  ).toBe(400);
});

test("500 connections that never end their headers or bodies keep nobody waiting", async () => {
  const { key } = await sharedCustomer;
  const sockets: Socket[] = [];
  const open = (text: string) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(text, () => resolve()));
      socket.on("error", () => {});
      sockets.push(socket);
    });
  await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      open(
        i % 2 === 0
          ? "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-A: "
          : `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
      ),
    ),
  );
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => chat(deployment.fast, key, BODY)),
  );
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  for (const socket of sockets) socket.destroy();
});

test.each(ADAPTERS)(
  "through %s an error reveals nothing of the server: no stack, path, class or address",
  async (_, origin) => {
    const { key } = await sharedCustomer;
    const responses = [
      await chat(origin, key, "{"),
      await chat(origin, key, { model: "gpt-6-luna", messages: [messageWith({ status: 500 })] }),
      await chat(origin, key, {
        model: "gpt-6-luna",
        messages: [messageWith({ dropConnection: true })],
      }),
      await fetch(`${origin}/v1/%00`),
      await fetch(`${origin}/api/%E0%A4%A`),
      await fetch(`${origin}/dashboard/projects/..%2f..%2fetc`),
    ];
    for (const response of responses) {
      const text = await response.text();
      expect(text).not.toMatch(
        /\bat \w+ \(|node_modules|\/dist\/|\.ts:\d|ECONN|undici|MongoServer|127\.0\.0\.1:\d+\/openai/,
      );
      expect(response.headers.get("x-powered-by")).toBeNull();
      expect(response.headers.get("server")).toBeNull();
    }
  },
);
