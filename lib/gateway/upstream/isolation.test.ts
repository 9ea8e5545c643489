import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { redactAccountIds } from "@/lib/providers";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { ANTHROPIC_ERRORS } from "@/lib/providers/fixtures/anthropic-errors";
import { GOOGLE_ERRORS } from "@/lib/providers/fixtures/google-errors";
import { OPENAI_ERRORS } from "@/lib/providers/fixtures/openai-errors";
import { classOf, type ErrorShape } from "@/lib/providers/fixtures/shape";
import { XAI_ERRORS } from "@/lib/providers/fixtures/xai-errors";
import { WAIT_MS, resetChannelHealth } from "./channel-health";
import { channelStates } from "./channel-states";
import { createCustomer, setCredentials, startGateway, useMockUpstream } from "./testing/gateway";
import { startMockUpstream, withDirective, type UpstreamDirective } from "./testing/mock-upstream";

const upstream = await startMockUpstream();
useMockUpstream(upstream, "first");
useOwnDatabase(ensureIndexes);

type ProviderId = "openai" | "anthropic" | "google" | "xai";
type TestCustomer = Awaited<ReturnType<typeof createCustomer>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let causer: TestCustomer;
let bystander: TestCustomer;

beforeAll(async () => {
  gateway = await startGateway();
  causer = await createCustomer();
  bystander = await createCustomer();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});
afterEach(resetChannelHealth);

const PROVIDERS: Record<
  ProviderId,
  { shapes: ErrorShape[]; path: string; body(text: string): unknown }
> = {
  openai: {
    shapes: OPENAI_ERRORS,
    path: "/v1/chat/completions",
    body: (content) => ({
      model: "gpt-6-luna",
      max_tokens: 10,
      messages: [{ role: "user", content }],
    }),
  },
  anthropic: {
    shapes: ANTHROPIC_ERRORS,
    path: "/v1/messages",
    body: (content) => ({
      model: "claude-sonnet-4-6",
      max_tokens: 10,
      messages: [{ role: "user", content }],
    }),
  },
  google: {
    shapes: GOOGLE_ERRORS,
    path: "/v1beta/models/gemini-3.8-flash:generateContent",
    body: (text) => ({
      contents: [{ parts: [{ text }] }],
      generationConfig: { maxOutputTokens: 10 },
    }),
  },
  xai: {
    shapes: XAI_ERRORS,
    path: "/v1/chat/completions",
    body: (content) => ({
      model: "grok-4.3",
      max_tokens: 10,
      messages: [{ role: "user", content }],
    }),
  },
};

const post = (provider: ProviderId, { key }: TestCustomer, text: string) =>
  fetch(`${gateway.origin}${PROVIDERS[provider].path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(PROVIDERS[provider].body(text)),
  });

async function statusesOf(responses: Promise<Response>[]): Promise<number[]> {
  return Promise.all(
    responses.map(async (pending) => {
      const response = await pending;
      await response.arrayBuffer();
      return response.status;
    }),
  );
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const stateOf = (id: string) => channelStates().find((state) => state.id === id);
const ALL = Object.keys(PROVIDERS) as ProviderId[];
const shapesOf = (provider: ProviderId, kinds: string[]) =>
  PROVIDERS[provider].shapes.filter(([, , , about]) => kinds.includes(about.split(" ")[0] ?? ""));

const directiveOf = ([, status, body, , headers]: ErrorShape): UpstreamDirective => ({
  status,
  error: body,
  ...(headers ? { headers } : {}),
});

describe.each(ALL)("one customer causes errors at %s", (provider) => {
  test.each(shapesOf(provider, ["request", "rate", "server"]))(
    "20 times %s (%i): another customer's requests succeed",
    async (...shape) => {
      const [, status, body, about] = shape;
      const text = withDirective(directiveOf(shape));
      const first = await post(provider, causer, text);
      const responseText = await first.text();
      const errorClass = classOf(about);
      if (errorClass.kind === "rate_limit") {
        const waitMs = errorClass.waitMs ?? WAIT_MS;
        expect(first.status).toBe(429);
        expect(Number(first.headers.get("retry-after"))).toBe(
          Math.max(1, Math.ceil(waitMs / 1000)),
        );
        expect(stateOf(`${provider}-1`)?.cooldowns).toHaveLength(1);
      } else {
        expect(first.status).toBe(status);
        const requestBody = typeof body === "string" ? body : JSON.stringify(body);
        expect(responseText).toBe(redactAccountIds(provider, requestBody));
      }
      const otherStatuses = await statusesOf(times(19, () => post(provider, causer, text)));
      expect(new Set(otherStatuses)).toEqual(new Set([first.status]));
      expect(await statusesOf(times(3, () => post(provider, bystander, "hello")))).toEqual([
        200, 200, 200,
      ]);
      const state = stateOf(`${provider}-1`);
      expect({ stopped: state?.stopped, breaker: state?.breakerUntil }).toEqual({
        stopped: null,
        breaker: null,
      });
    },
  );

  test.each(shapesOf(provider, ["credential"]))(
    "%s (%i): the customer gets a 503, and the channel stops",
    async (...shape) => {
      const [, , body, about] = shape;
      const errorClass = classOf(about);
      if (errorClass.kind !== "credential") throw new Error("The shape is of another class.");
      const first = await post(provider, causer, withDirective(directiveOf(shape)));
      const responseText = await first.text();
      expect(first.status).toBe(503);
      expect(first.headers.get("retry-after")).toBe("300");
      expect(responseText).toContain("not available through OneKey");
      const message = /"(?:message|error)":"([^"]{12,})/.exec(JSON.stringify(body))?.[1];
      if (message !== undefined) expect(responseText).not.toContain(message);
      const reachedBefore = upstream.requests.length;
      expect((await post(provider, bystander, "hello")).status).toBe(503);
      expect(upstream.requests.length).toBe(reachedBefore);
      const { stopped: stopReason, cooldowns } = stateOf(`${provider}-1`) ?? {};
      if (errorClass.scope === "channel") expect(stopReason?.problem).toBe(errorClass.problem);
      else
        expect({ stopped: stopReason, models: cooldowns?.length }).toEqual({
          stopped: null,
          models: 1,
        });
    },
  );
});

describe("with a second credential", () => {
  beforeAll(() => setCredentials(upstream, "first,second"));
  afterAll(() => setCredentials(upstream, "first"));

  test.each(ALL)("%s: no customer sees an account problem of one of them", async (provider) => {
    for (const shape of shapesOf(provider, ["credential"])) {
      resetChannelHealth();
      const text = withDirective({ ...directiveOf(shape), credentials: ["first"] });
      const statuses = await statusesOf([
        ...times(5, () => post(provider, causer, text)),
        ...times(5, () => post(provider, bystander, text)),
      ]);
      expect({ shape: shape[0], statuses: new Set(statuses) }).toEqual({
        shape: shape[0],
        statuses: new Set([200]),
      });
    }
  });

  test.each(ALL)(
    "%s: an error about the request is sent with one credential only",
    async (provider) => {
      for (const shape of shapesOf(provider, ["request"])) {
        const before = upstream.requests.length;
        await statusesOf([post(provider, causer, withDirective(directiveOf(shape)))]);
        expect({ shape: shape[0], sent: upstream.requests.length - before }).toEqual({
          shape: shape[0],
          sent: 1,
        });
      }
    },
  );

  test("a limit that both met is reported with the shorter wait", async () => {
    const limit = {
      status: 429,
      error: { error: { message: "Rate limit", code: "rate_limit_exceeded" } },
    };
    const text = withDirective({ ...limit, headers: { "retry-after-ms": "24000" } });
    const limitResponse = await post("openai", causer, text);
    expect([
      limitResponse.status,
      limitResponse.headers.get("retry-after"),
      limitResponse.headers.get("retry-after-ms"),
    ]).toEqual([429, "24", "24000"]);
    const before = upstream.requests.length;
    const retry = await post("openai", causer, "hello");
    expect(retry.status).toBe(429);
    expect(Number(retry.headers.get("retry-after"))).toBeGreaterThan(20);
    expect(upstream.requests.length).toBe(before);
    expect(await statusesOf([post("openai", bystander, "hello")])).toEqual([200]);
  });

  test("a project keeps to one credential, and projects use both", async () => {
    const customers = await Promise.all(times(12, createCustomer));
    const channelIds = new Set<string | undefined>();
    for (const customer of customers) {
      const before = upstream.requests.length;
      for (let i = 0; i < 3; i++) await statusesOf([post("anthropic", customer, "hello")]);
      const credentials = new Set(upstream.requests.slice(before));
      expect(credentials.size).toBe(1);
      channelIds.add([...credentials][0]);
    }
    expect(channelIds).toEqual(new Set(["first", "second"]));
  });

  test("a connection that may have sent the request is not replaced by another", async () => {
    const before = upstream.requests.length;
    const response = await post("openai", causer, withDirective({ reset: true }));
    expect(response.status).toBe(502);
    expect(upstream.requests.length - before).toBe(1);
  });
});

test("x-should-retry of a limit reaches the client", async () => {
  for (const value of ["true", "false"]) {
    resetChannelHealth();
    const error = { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } };
    const response = await post(
      "openai",
      causer,
      withDirective({ status: 429, headers: { "x-should-retry": value }, error }),
    );
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([429, value]);
  }
});

test("failures of several accounts open a breaker, which never rejects a request", async () => {
  const failing = withDirective({ status: 500, error: { error: { message: "failed" } } });
  for (let i = 0; i < 20; i++) await statusesOf([post("xai", causer, failing)]);
  expect(stateOf("xai-1")?.breakerUntil).toBeNull();
  const otherCustomers = await Promise.all(times(3, createCustomer));
  for (const customer of otherCustomers) await statusesOf([post("xai", customer, failing)]);
  expect(stateOf("xai-1")?.breakerUntil).not.toBeNull();
  expect(await statusesOf([post("xai", bystander, "hello")])).toEqual([200]);
  expect(stateOf("xai-1")?.breakerUntil).toBeNull();
});

test("a stored response is read with supported query parameters only", async () => {
  const read = (path: string) =>
    fetch(`${gateway.origin}/v1/responses/${path}`, {
      headers: { authorization: `Bearer ${bystander.key}` },
    });
  const before = upstream.paths.length;
  const statuses = await statusesOf([
    read("resp_1?foo=bar"),
    read("resp_1?stream=true"),
    read("resp_1/input_items?limit=1000"),
    read("resp_1?include[]=reasoning.encrypted_content"),
    read("resp_1/input_items?limit=10&order=asc"),
  ]);
  expect(statuses).toEqual([400, 400, 400, 404, 404]);
  expect(upstream.paths.length).toBe(before);
});
