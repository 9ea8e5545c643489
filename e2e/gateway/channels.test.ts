import { afterAll, describe, expect, test } from "vitest";
import { startLive } from "../support/live";
import { freePort, stopAll } from "../support/processes";
import { messageWith, providerRequests } from "../support/shared-deployment";

const hello = [{ role: "user", content: "Hello" }];
const MODELS = ["gpt-6-luna", "claude-sonnet-4-6", "gemini-3.5-flash-lite", "grok-4.3"];

/** How often the providers heard a credential. */
const countRequests = async (credential: string) =>
  (await providerRequests()).filter(
    ({ headers }) => headers.authorization === `Bearer ${credential}`,
  ).length;

afterAll(stopAll);

const TROUBLE: [string, string][] = [
  ["limits it (429)", "limited"],
  ["fails (503)", "failing"],
  ["refuses the credential", "bad"],
  ["has no money left for it", "quota"],
];

/** The key of a customer whose requests begin at a credential, and who has sent one. */
async function customerOf(live: Awaited<ReturnType<typeof startLive>>, credential: string) {
  for (let tries = 0; tries < 24; tries++) {
    const key = await live.createKey();
    const response = await live.chat("gpt-6-luna", hello, {}, key);
    await response.text();
    if ((await countRequests(credential)) > 0) return key;
  }
  throw new Error("No project begins at this credential.");
}

describe.each(["the Node server", "the Next route handler"] as const)(
  "through %s, where a provider",
  (adapter) => {
    test.each(TROUBLE)(
      "%s, another channel answers, and the client sees nothing of it",
      async (_, word) => {
        const [bad, good] = [
          `${word}-failover-${adapter.length}`,
          `good-${word}-failover-${adapter.length}`,
        ];
        const live = await startLive({ adapter, credentials: `${bad},${good}` });
        try {
          const key = await customerOf(live, bad);
          const before = await countRequests(good);
          for (const model of MODELS) {
            const response = await live.chat(model, hello, {}, key);
            expect({ model, status: response.status }).toEqual({ model, status: 200 });
            expect(await response.text()).toContain("Hello");
          }
          expect(await countRequests(bad)).toBeGreaterThanOrEqual(MODELS.length);
          expect((await countRequests(good)) - before).toBe(MODELS.length);
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
  const live = await startLive({ credentials: "failing-rest,good-rest" });
  try {
    const key = await customerOf(live, "failing-rest");
    for (let i = 0; i < 12; i++)
      expect((await live.chat("gpt-6-luna", hello, {}, key)).status).toBe(200);
    expect(await countRequests("failing-rest")).toBe(3);
  } finally {
    await live.stop();
  }
  const quotaServer = await startLive({ credentials: "quota-rest,good-rest" });
  try {
    const key = await customerOf(quotaServer, "quota-rest");
    for (let i = 0; i < 6; i++)
      expect((await quotaServer.chat("gpt-6-luna", hello, {}, key)).status).toBe(200);
    expect(await countRequests("quota-rest")).toBe(1);
  } finally {
    await quotaServer.stop();
  }
});

test("a connection interrupted after it sent the request is not replaced by another", async () => {
  const live = await startLive({ credentials: "absent-once,absent-twice" });
  try {
    const response = await live.chat("gpt-6-luna", hello);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("Nothing was charged");
    expect((await countRequests("absent-once")) + (await countRequests("absent-twice"))).toBe(1);
  } finally {
    await live.stop();
  }
});

test("with every channel stopped the error says when to retry, and nothing is sent", async () => {
  const live = await startLive({ credentials: "quota-all-1,quota-all-2" });
  try {
    expect((await live.chat("gpt-6-luna", hello)).status).toBe(503);
    const before = (await countRequests("quota-all-1")) + (await countRequests("quota-all-2"));
    expect(before).toBe(2);
    const response = await live.chat("gpt-6-luna", hello);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(60);
    expect((await countRequests("quota-all-1")) + (await countRequests("quota-all-2"))).toBe(
      before,
    );
  } finally {
    await live.stop();
  }
});

test("where nothing listens, the client gets an error and keeps its free request", async () => {
  const dead = `http://127.0.0.1:${await freePort()}`;
  const live = await startLive({
    credentials: "good-dead",
    more: { OPENAI_BASE_URL: `${dead}/v1` },
  });
  try {
    const response = await live.chat("gpt-6-luna", hello);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("Nothing was charged");
    await expect
      .poll(() => live.rows())
      .toMatchObject([{ ended_by: "refused", cost_nano: 0, free: false }]);
    expect(await live.onekey("account", "show", "--email", "a@example.com")).toMatchObject({
      freeRequests: 20,
      holds: [],
    });
  } finally {
    await live.stop();
  }
});
