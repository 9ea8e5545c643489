import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLive } from "../support/live";
import { freePort, stopAll } from "../support/processes";
import { messageWith, providerRequests } from "../support/shared-deployment";

const isLongRun = Boolean(process.env.ONEKEY_TEST_LONG);
const hello = [{ role: "user", content: "Hello" }];

/** How often the providers heard a credential. */
const countRequests = async (credential: string) =>
  (await providerRequests()).filter(
    ({ headers }) => headers.authorization === `Bearer ${credential}`,
  ).length;

afterAll(stopAll);

const MODELS = [
  ["OPENAI_API_KEY", "gpt-6-luna"],
  ["ANTHROPIC_API_KEY", "claude-sonnet-4-6"],
  ["GEMINI_API_KEY", "gemini-3.5-flash-lite"],
  ["XAI_API_KEY", "grok-4.3"],
] as const;

const TROUBLES = [
  ["limits it (429)", "limited"],
  ["fails (503)", "failing"],
  ["refuses the credential", "bad"],
  ["has no money left for it", "quota"],
] as const;

/** The key of a customer whose requests to a model begin at a credential, and who has sent one. Each was answered. */
async function customerOf(
  live: Awaited<ReturnType<typeof startLive>>,
  credential: string,
  model = "gpt-6-luna",
) {
  for (let tries = 0; tries < 24; tries++) {
    const key = await live.createKey();
    const response = await live.chat(model, hello, {}, key);
    expect({ model, status: response.status }).toEqual({ model, status: 200 });
    expect(await response.text()).toContain("Hello");
    if ((await countRequests(credential)) > 0) return key;
  }
  throw new Error("No project begins at this credential.");
}

describe.each(["the Node server", "the Next route handler"] as const)(
  "through %s, where a provider",
  (adapter) => {
    // Each trouble at each provider; `npm test` meets each trouble once.
    const rounds = isLongRun ? [0, 1, 2, 3] : adapter === "the Node server" ? [0] : [];
    test.each(rounds.map((round) => [TROUBLES[round]?.[0], round] as const))(
      "%s, and three others otherwise, another channel answers, and the client sees nothing of it",
      async (_, round) => {
        const places = MODELS.map(([variable, model], i) => {
          const [, word] = TROUBLES[(i + round) % TROUBLES.length] ?? TROUBLES[0];
          const bad = `${word}-${variable}-${round}-${adapter.length}`;
          return { variable, model, bad, good: `good-${bad}` };
        });
        const live = await startLive({
          adapter,
          credentials: "",
          more: Object.fromEntries(
            places.map(({ variable, bad, good }) => [variable, `${bad},${good}`]),
          ),
        });
        try {
          for (const { model, bad, good } of places) {
            const key = await customerOf(live, bad, model);
            const before = await countRequests(good);
            const response = await live.chat(model, hello, {}, key);
            expect({ model, status: response.status }).toEqual({ model, status: 200 });
            expect(await response.text()).toContain("Hello");
            expect((await countRequests(good)) - before).toBe(1);
          }
        } finally {
          await live.stop();
        }
      },
    );

    test("cuts its response after the first byte, no other is tried, and it is charged once", async () => {
      const [one, two] = [`good-cut-1-${adapter.length}`, `good-cut-2-${adapter.length}`];
      const live = await startLive({ adapter, credentials: `${one},${two}` });
      try {
        const cut = messageWith({ chunks: 20, cutAfterChunks: 3, chunkDelayMs: 30 });
        const response = await live.chat("gpt-6-luna", [cut], { stream: true });
        expect(response.status).toBe(200);
        await expect(response.text()).rejects.toThrow();
        expect((await countRequests(one)) + (await countRequests(two))).toBe(1);
        await expect
          .poll(() => live.rows())
          .toMatchObject([{ ended_by: "provider_cut", status: 200 }]);
      } finally {
        await live.stop();
      }
    });
  },
);

test("an account with repeated failures moves on; a channel without credits is skipped", async () => {
  const live = await startLive({
    credentials: "failing-rest,good-rest",
    more: { ANTHROPIC_API_KEY: "quota-rest,good-quota-rest" },
  });
  try {
    const key = await customerOf(live, "failing-rest");
    for (let i = 0; i < 12; i++)
      expect((await live.chat("gpt-6-luna", hello, {}, key)).status).toBe(200);
    expect(await countRequests("failing-rest")).toBe(3);
    const otherKey = await customerOf(live, "quota-rest", "claude-sonnet-4-6");
    for (let i = 0; i < 6; i++)
      expect((await live.chat("claude-sonnet-4-6", hello, {}, otherKey)).status).toBe(200);
    expect(await countRequests("quota-rest")).toBe(1);
  } finally {
    await live.stop();
  }
});

describe("one server", () => {
  let live: Awaited<ReturnType<typeof startLive>>;
  beforeAll(async () => {
    live = await startLive({
      credentials: "good-one",
      more: {
        ANTHROPIC_API_KEY: "absent-once,absent-twice",
        GEMINI_API_KEY: "quota-all-1,quota-all-2",
        XAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1`,
      },
    });
  });
  afterAll(() => live.stop());

  test("a connection interrupted after it sent the request is not replaced by another", async () => {
    const response = await live.chat("claude-sonnet-4-6", hello);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("Nothing was charged");
    expect((await countRequests("absent-once")) + (await countRequests("absent-twice"))).toBe(1);
  });

  test("with every channel stopped the error says when to retry, and nothing is sent", async () => {
    const countAll = async () =>
      (await countRequests("quota-all-1")) + (await countRequests("quota-all-2"));
    expect((await live.chat("gemini-3.5-flash-lite", hello)).status).toBe(503);
    expect(await countAll()).toBe(2);
    const response = await live.chat("gemini-3.5-flash-lite", hello);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(await countAll()).toBe(2);
  });

  test("where nothing listens, the client gets an error and keeps its free request", async () => {
    const { email, key } = await live.createCustomer();
    const response = await live.chat("grok-4.3", hello, {}, key);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("Nothing was charged");
    await expect
      .poll(() => live.rows(key))
      .toMatchObject([{ ended_by: "refused", cost_nano: 0, free: false }]);
    await expect
      .poll(() => live.onekey("account", "show", "--email", email))
      .toMatchObject({ freeRequests: 20, holds: [] });
  });
});
