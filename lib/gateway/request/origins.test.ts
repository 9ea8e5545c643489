import { afterAll, beforeAll, expect, test } from "vitest";
import { setLimits } from "@/lib/accounts/limits";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { readAccount } from "../upstream/testing/accounts";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";
import { startMockUpstream } from "../upstream/testing/mock-upstream";

const upstream = await startMockUpstream();
useMockUpstream(upstream, "first");
useOwnDatabase(ensureIndexes);
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const ALLOWED = "https://app.example.com";
const OTHER = "https://evil.example";

async function limitedCustomer(origins?: string[]) {
  const customer = await createCustomer();
  const account = await readAccount(customer.accountId);
  const projectId = account.projects[0]?.id ?? "";
  const limits = { origins, creditsPerMonth: 10 ** 12 };
  await setLimits({ accountId: customer.accountId, projectId, limits });
  return { ...customer, projectId };
}

const send = ({ key }: { key: string }, origin?: string) =>
  fetch(`${gateway.origin}/v1/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      ...(origin === undefined ? {} : { origin }),
    },
    body: JSON.stringify({
      model: "claude-haiku-5-5",
      max_tokens: 10,
      messages: [{ role: "user", content: "Hello" }],
    }),
  });

test("a project that lists websites is served for their scripts, and for what is no browser", async () => {
  const customer = await limitedCustomer([ALLOWED, "http://localhost:3000"]);
  for (const origin of [ALLOWED, "http://localhost:3000", undefined])
    expect((await send(customer, origin)).status, origin).toBe(200);
  const sentCount = upstream.requests.length;
  for (const origin of [OTHER, "null", "https://app.example.com.evil.example", ""]) {
    const response = await send(customer, origin);
    // An empty header is none that a browser sends.
    expect(response.status, origin).toBe(403);
    expect(await response.text()).toMatch(/does not allow requests from the website/);
    expect(response.headers.get("x-should-retry")).toBe("false");
  }
  expect(upstream.requests.length).toBe(sentCount);
});

test("the endpoints that place no hold follow the list too", async () => {
  const customer = await limitedCustomer([ALLOWED]);
  const models = (origin: string) =>
    fetch(`${gateway.origin}/v1/models`, {
      headers: { authorization: `Bearer ${customer.key}`, origin },
    });
  expect((await models(ALLOWED)).status).toBe(200);
  expect((await models(OTHER)).status).toBe(403);
});

test("a list that is changed counts from the next request, by the write that holds", async () => {
  const customer = await limitedCustomer();
  const { accountId, projectId } = customer;
  expect((await send(customer, OTHER)).status).toBe(200);
  await setLimits({ accountId, projectId, limits: { origins: [ALLOWED] } });
  expect((await send(customer, OTHER)).status).toBe(403);
  expect((await send(customer, ALLOWED)).status).toBe(200);
  await setLimits({ accountId, projectId, limits: {} });
  expect((await send(customer, OTHER)).status).toBe(200);
});
