import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { resetChannelHealth } from "@/lib/gateway/upstream/channel-health";
import { channelStates } from "@/lib/gateway/upstream/channel-states";
import {
  createCustomer,
  startGateway,
  useMockUpstream,
} from "@/lib/gateway/upstream/testing/gateway";
import { startMockUpstream, withDirective } from "@/lib/gateway/upstream/testing/mock-upstream";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { registerProvider } from ".";
import { credential, rateLimit } from "./classes";
import { PARAMETERS } from "./parameters";
import type { ProviderRecord } from "./schema";
import { USAGE_RULES } from "./usage-rules";

/** The catalog with one model more: a copy of another, by another name and provider. */
vi.mock("@/lib/catalog/models.json", async (importOriginal) => {
  type Entry = { provider: string; kind: string; retires?: string; endpoints: string[] };
  const { default: models } = await importOriginal<{ default: Entry[] }>();
  const copy = models.find(
    ({ kind, retires, endpoints }) =>
      kind === "text" &&
      retires === undefined &&
      ["chat.completions", "responses"].every((name) => endpoints.includes(name)),
  );
  return { default: [...models, { ...copy, id: "fifth-large", provider: "fifth", aliases: [] }] };
});

/** All that OneKey has to know of a provider, in one object. */
const fifth: ProviderRecord = {
  id: "fifth",
  name: "Fifth",
  documentation: "https://fifth.example/docs",
  policy: {
    name: "Fifth",
    trains: "No",
    policy: "Terms",
    href: "https://fifth.example",
    keeps: "-",
  },
  baseUrl: "https://fifth.example",
  sandboxPath: "/fifth",
  credentialHeaders: (secret) => ({ "x-api-key": secret }),
  defaultHeaders: {},
  paths: { "chat.completions": "/talk" },
  modelList: "openai",
  costReport: "none",
  priceLists: { genaiPrices: "openai", litellmPrefix: "" },
  tools: [],
  usage: { ...USAGE_RULES, chatReasoning: "separate" },
  parameters: PARAMETERS,
  classifyError: (error) => {
    if (error.envelope.code === "EMPTY_PURSE") return credential("no_credits");
    return error.envelope.code === "TOO_FAST" ? rateLimit(error) : null;
  },
  accountIds: [/\b(purse )\d+/g],
};

const upstream = await startMockUpstream();
useMockUpstream(upstream, "other");
useOwnDatabase(ensureIndexes);

let gateway: Awaited<ReturnType<typeof startGateway>>;
let key: string;
const unregister = registerProvider(fifth, {
  baseUrl: `${upstream.origin}/v9`,
  keys: ["secret-5"],
});

beforeAll(async () => {
  gateway = await startGateway();
  ({ key } = await createCustomer());
});
afterAll(async () => {
  unregister();
  await gateway.close();
  await upstream.close();
});

const ask = (content: string) =>
  fetch(`${gateway.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "fifth-large",
      max_tokens: 10,
      messages: [{ role: "user", content }],
    }),
  });

test("a fifth provider is one record: its requests are sent, priced and answered", async () => {
  const response = await ask("hello");
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("fine");
  expect(upstream.paths.at(-1)).toBe("/v9/talk");
  expect(upstream.requests.at(-1)).toBe("secret-5");
  const readUsage = async () => {
    const usage = await fetch(`${gateway.origin}/v1/usage`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return usage.json();
  };
  await expect.poll(readUsage).toMatchObject({
    data: [{ model: "fifth-large", tokens: { input: 4, output: 1 }, usage_source: "provider" }],
  });
});

test("its errors are classified by its own codes", async () => {
  const error = (status: number, code: string, message: string) =>
    ask(withDirective({ status, error: { error: { code, message } } }));
  const request = await error(400, "BAD", "Not allowed for purse 123");
  expect([request.status, await request.text()]).toEqual([
    400,
    expect.stringContaining("purse [redacted]"),
  ]);
  const limitResponse = await error(420, "TOO_FAST", "Try again in 3s");
  expect([limitResponse.status, limitResponse.headers.get("retry-after")]).toEqual([429, "3"]);
  resetChannelHealth();
  expect((await error(400, "EMPTY_PURSE", "No coins")).status).toBe(503);
  expect(channelStates().find(({ id }) => id === "fifth-1")?.stopped?.problem).toBe("no_credits");
});

test("an endpoint that it does not serve is rejected before it is called", async () => {
  const before = upstream.paths.length;
  const response = await fetch(`${gateway.origin}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "fifth-large", input: "hello" }),
  });
  expect(response.status).toBe(400);
  expect(upstream.paths.length).toBe(before);
});
