import { gzipSync } from "node:zlib";
import { Agent, request } from "undici";
import { expect, test } from "vitest";
import {
  chat,
  chatHead,
  HELLO,
  createFundedAccount,
  openRaw,
  useOwnGateway,
} from "@/e2e/support/own-gateway";
import { regenerateKey, revokeProjectKeys } from "@/lib/keys/regenerate";
import { setLimits } from "@/lib/accounts/limits";
import { suspend } from "@/lib/accounts/suspend";
import { newKey } from "@/lib/ids";
import { bufferedBytes } from "./body-budget";

const gateway = useOwnGateway({
  NEW_ACCOUNT_REQUESTS_PER_MINUTE: "30",
  NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "5",
});
const MIB = 1024 * 1024;

test("an unknown key is a 401 before any of the body arrives, and the connection closes", async () => {
  const before = gateway.received;
  for (const head of [
    chatHead(newKey(), 20 * MIB),
    chatHead(newKey(), 200),
    chatHead(newKey(), 200).replace("content-length: 200", "transfer-encoding: chunked"),
    chatHead(newKey(), 200, "content-encoding: br\r\n"),
  ]) {
    const text = await openRaw(gateway.port, head).closed;
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toMatch(/^connection: close\r$/im);
    expect(text).toContain("invalid_api_key");
  }
  expect(gateway.received).toBe(before);
  expect(bufferedBytes()).toBe(0);
});

test("a client that sends a large body with an unknown key reads its 401", async () => {
  for (const size of [1_000, 100_000, 10 * MIB]) {
    const { statusCode, body } = await request(`${gateway.origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${newKey()}`, "content-type": "application/json" },
      body: Buffer.alloc(size, " "),
    });
    expect(statusCode).toBe(401);
    expect(await body.text()).toContain("invalid_api_key");
  }
  expect(bufferedBytes()).toBe(0);
});

test("a refused request with a short body keeps its connection", async () => {
  const agent = new Agent({ connections: 1, pipelining: 1 });
  let connections = 0;
  agent.on("connect", () => connections++);
  for (let i = 0; i < 3; i++) {
    const { statusCode, body } = await request(`${gateway.origin}/v1/chat/completions`, {
      dispatcher: agent,
      method: "POST",
      headers: { authorization: `Bearer ${newKey()}`, "content-type": "application/json" },
      body: HELLO,
    });
    await body.text();
    expect(statusCode).toBe(401);
  }
  await agent.close();
  expect(connections).toBe(1);
});

const ENDINGS = {
  revoked: ({ accountId, projectId }: { accountId: string; projectId: string }) =>
    revokeProjectKeys({ accountId, projectId }),
  regenerated: (ids: { accountId: string; projectId: string }) => regenerateKey(ids),
  suspended: ({ accountId }: { accountId: string }) => suspend({ accountId, digests: [] }),
};

test.each(Object.entries(ENDINGS))(
  "a key that this server has used and that was %s is refused, whatever its body",
  async (_, end) => {
    const customer = await createFundedAccount();
    expect((await chat(gateway.origin, customer.key)).status).toBe(200);
    await end(customer);
    const before = gateway.received;
    // Never sent, so that the key is all there is to go by.
    const slow = openRaw(gateway.port, chatHead(customer.key, 200)).closed;
    const large = openRaw(gateway.port, chatHead(customer.key, 20 * MIB)).closed;
    const gzipHead = chatHead(customer.key, 200, "content-encoding: gzip\r\n");
    for (const text of await Promise.all([slow, large, openRaw(gateway.port, gzipHead).closed]))
      expect(text).toMatch(/^HTTP\/1\.1 401 /);
    for (const body of ["{", HELLO, gzipSync(HELLO)])
      expect((await chat(gateway.origin, customer.key, body)).status).toBe(401);
    expect(gateway.received).toBe(before);
  },
);

test("a revoked key whose first request is malformed is a 401, not a 400", async () => {
  const customer = await createFundedAccount();
  expect((await chat(gateway.origin, customer.key)).status).toBe(200);
  await revokeProjectKeys(customer);
  expect((await chat(gateway.origin, customer.key, '{"model":')).status).toBe(401);
});

test("a client address that the project does not list is a 403 before the body arrives", async () => {
  const { accountId, projectId, key } = await createFundedAccount();
  await setLimits({ accountId, projectId, limits: { addresses: ["192.0.2.0/24"] } });
  expect(await openRaw(gateway.port, chatHead(key, 1_000)).closed).toMatch(/^HTTP\/1\.1 403 /);
});

test("bodies that do not arrive count as requests in flight", async () => {
  const { key } = await createFundedAccount();
  await (await chat(gateway.origin, key)).text();
  // More than fit: one that comes while another request of the account has a place is refused.
  const slow = Array.from({ length: 10 }, () => openRaw(gateway.port, chatHead(key, 1_000)));
  const refusedStatus = async () => {
    const response = await chat(gateway.origin, key);
    await response.text();
    return response;
  };
  let response = await refusedStatus();
  while (response.status === 200) response = await refusedStatus();
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(response.headers.get("x-ratelimit-limit-concurrent-requests")).toBe("5");
  const otherCustomer = await createFundedAccount();
  expect((await chat(gateway.origin, otherCustomer.key)).status).toBe(200);
  for (const { socket } of slow) socket.destroy();
  await Promise.all(slow.map(({ closed: untilClosed }) => untilClosed));
  while ((await refusedStatus()).status === 429);
});

test.each(["/v1/models", "/v1/credits", "/v1/usage", "/v1beta/models"])(
  "GET %s is limited per minute as well",
  async (path) => {
    const { key } = await createFundedAccount();
    const get = () =>
      fetch(`${gateway.origin}${path}`, { headers: { authorization: `Bearer ${key}` } });
    const responses = [];
    for (let i = 0; i < 31; i++) responses.push(await get());
    const statuses = responses.map(({ status }) => status);
    // A minute may begin meanwhile.
    while (!statuses.includes(429)) statuses.push((await get()).status);
    const last = await get();
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(last.headers.get("x-ratelimit-limit-requests")).toBe("30");
    expect(last.headers.get("x-ratelimit-remaining-requests")).toBe("0");
  },
);

test.each(["moderations", "messages/count_tokens", "responses/input_tokens"])(
  "POST /v1/%s is limited per minute as well",
  async (path) => {
    const { key } = await createFundedAccount();
    const model = path.startsWith("mess") ? "claude-sonnet-5-5" : "gpt-6-luna";
    const body = JSON.stringify({
      input: "hi",
      ...(path === "moderations" ? {} : { model }),
      ...(path.startsWith("mess") ? { messages: [{ role: "user", content: "hi" }] } : {}),
    });
    const post = async () => {
      const response = await fetch(`${gateway.origin}/v1/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body,
      });
      await response.text();
      return response;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 65 && !statuses.includes(429); i++) statuses.push((await post()).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const last = await post();
    expect(last.headers.get("x-ratelimit-limit-requests")).toBe("30");
  },
);
