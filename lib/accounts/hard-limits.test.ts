// Longer than 300 lines: all tests share the customer, holds and endings of one clock.

import { expect, test } from "vitest";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { createKey } from "@/lib/keys/create";
import { updateKey } from "@/lib/keys/update";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { post } from "@/lib/ledger/post";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { setAccountLimits, setLimits } from "./limits";
import { capProblems } from "./open-caps";
import { createProject } from "./projects";
import { findById } from "./queries";
import type { Account, Limits } from "./schema";
import { settleHold } from "./settle";

useOwnDatabase(ensureIndexes);

const CREDIT = 1_000_000_000;
/** A Tuesday, in the middle of day, week and month. */
const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);
const DAY = 86_400_000;
let count = 0;

interface Customer {
  accountId: string;
  projectId: string;
  keys: { id: string; digest: string }[];
}

/** An account with so many nano-credits and keys, each with these limits. */
async function customer({
  credits = 1_000_000,
  keys = 1,
  limits = {},
}: { credits?: number; keys?: number; limits?: Limits } = {}): Promise<Customer> {
  const { _id: accountId, projects } = await createAccount({ email: `h${++count}@example.com` });
  const projectId = projects[0]?.id ?? "";
  await post({ sourceId: `grt_h${count}`, accountId, kind: "grant", amount: credits });
  const all = collection<Account>("accounts");
  await all.updateOne({ _id: accountId }, { $set: { "free.requests": 0 } });
  const newKeys = [];
  for (let i = 0; i < keys; i++) {
    const { key, secret } = await createKey({ accountId, projectId, name: `key ${i}`, limits });
    newKeys.push({ id: key._id, digest: digestOf(secret, env().keyPepper) });
  }
  return { accountId, projectId, keys: newKeys };
}

const firstDigest = ({ keys }: Customer) => keys[0]?.digest ?? "";

const hold = (
  digest: string,
  maxCost: number,
  { now = NOW, maxTokens = 0 }: { now?: number; maxTokens?: number } = {},
): Promise<PlacedHold> =>
  placeHold({
    requestId: `req_h${++count}`,
    digest,
    model: "m",
    endpoint: "chat",
    address: "127.0.0.1",
    maxCost,
    expectedCost: maxCost,
    maxTokens,
    by: "ins_1",
    now,
    left: { aborted: true },
  });

/** Ends a request as the gateway does: its row first, then its hold. */
async function end({ accountId, hold: open }: PlacedHold, cost: number, tokens = 0): Promise<void> {
  const row: UsageRow = {
    _id: open.id,
    accountId,
    projectId: open.projectId,
    at: new Date(open.at),
    ...(open.keyId === undefined ? {} : { keyId: open.keyId }),
    model: "m",
    provider: "openai",
    channel: "c",
    endpoint: "chat",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: { ...NO_TOKENS, input: tokens },
    cost,
    free: false,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
  };
  await recordUsage(row);
  await settleHold({ accountId, hold: open, cost, kept: true, tokens });
}

const refusal = (holding: Promise<unknown>) =>
  holding.then(
    () => null,
    (error: { code: string; limit?: string; headers: Record<string, string> }) => error,
  );

test("500 parallel requests over 10 keys with a day cap, key caps and a balance: exactly what fits", async () => {
  const owner = await customer({ credits: 290, keys: 10, limits: { creditsPerDay: 25 } });
  await setAccountLimits({ accountId: owner.accountId, limits: { creditsPerDay: 180 }, now: NOW });
  const attempts = Array.from({ length: 500 }, (_, i) => hold(owner.keys[i % 10]?.digest ?? "", 3));
  const outcomes = await Promise.allSettled(attempts);
  const placedHolds = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" ? [outcome.value] : [],
  );
  // 8 of each key's 25 would be 80 in all; the account's day takes 60 of 3.
  expect(placedHolds).toHaveLength(60);
  const codes = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [(outcome.reason as { limit?: string }).limit] : [],
  );
  expect(codes).toHaveLength(440);
  expect(codes.every((limit) => limit === "account_day" || limit === "key_day")).toBe(true);
  for (const { id } of owner.keys)
    expect(placedHolds.filter((outcome) => outcome.hold.keyId === id).length).toBeLessThanOrEqual(
      8,
    );
  await Promise.all(placedHolds.map((outcome, i) => end(outcome, i % 4)));
  const account = await findById(owner.accountId);
  const totalCharge = account?.charged ?? 0;
  expect(account).toMatchObject({ holds: [], credits: 290 - totalCharge });
  expect(account?.caps.find(({ id }) => id.startsWith("account/"))?.left).toBe(180 - totalCharge);
}, 120_000);

test("a balance that is smaller than every limit is what stops 100 parallel requests", async () => {
  const owner = await customer({ credits: 100, keys: 10, limits: { creditsPerDay: 50 } });
  await setAccountLimits({ accountId: owner.accountId, limits: { creditsPerDay: 400 }, now: NOW });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, i) => hold(owner.keys[i % 10]?.digest ?? "", 10)),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  expect((await findById(owner.accountId))?.credits).toBe(0);
}, 120_000);

test.each([
  ["creditsPerDay", "day", Date.UTC(2026, 10, 25)],
  ["creditsPerWeek", "week", Date.UTC(2026, 10, 30)],
  ["creditsPerMonth", "month", Date.UTC(2026, 11, 1)],
] as const)(
  "%s of account, project and key stops at the limit and resets",
  async (name, window, reset) => {
    for (const kind of ["account", "project", "key"] as const) {
      const owner = await customer();
      const { accountId, projectId } = owner;
      const digest = firstDigest(owner);
      // What was charged before the limit was set counts.
      await end(await hold(digest, 300), 100);
      const open = await hold(digest, 200);
      const limits = { [name]: 1_000 };
      if (kind === "account") await setAccountLimits({ accountId, limits, now: NOW });
      else if (kind === "project") await setLimits({ accountId, projectId, limits, now: NOW });
      else
        await updateKey({
          accountId,
          keyId: owner.keys[0]?.id ?? "",
          changes: { limits },
          now: NOW,
        });
      expect(await refusal(hold(digest, 701))).toMatchObject({
        code: "rate_limited",
        limit: `${kind}_${window}`,
        headers: { "x-ratelimit-remaining-credits": "0.000000700" },
      });
      await end(await hold(digest, 700), 650);
      await end(open, 20);
      const error = await refusal(hold(digest, 231));
      expect(error).toMatchObject({
        limit: `${kind}_${window}`,
        headers: {
          "retry-after": String((reset - NOW) / 1000),
          "x-ratelimit-remaining-credits": "0.000000230",
          "x-ratelimit-reset-credits": `${(reset - NOW) / 1000}s`,
        },
      });
      await end(await hold(digest, 1_000, { now: reset }), 1_000);
      expect(await refusal(hold(digest, 1, { now: reset }))).toMatchObject({
        limit: `${kind}_${window}`,
      });
    }
  },
);

test("a limit in total never resets, and is a 402: trying again does not help", async () => {
  const owner = await customer();
  const digest = firstDigest(owner);
  await end(await hold(digest, 400), 400);
  const { accountId } = owner;
  for (const [kind, set] of [
    ["account", (limits: Limits) => setAccountLimits({ accountId, limits, now: NOW })],
    ["project", (limits: Limits) => setLimits({ ...owner, limits, now: NOW })],
    [
      "key",
      (limits: Limits) =>
        updateKey({ accountId, keyId: owner.keys[0]?.id ?? "", changes: { limits }, now: NOW }),
    ],
  ] as const) {
    await set({ creditsTotal: 500 });
    expect(await refusal(hold(digest, 101, { now: NOW + 400 * DAY }))).toMatchObject({
      code: "insufficient_credits",
      limit: `${kind}_total`,
    });
    expect((await hold(digest, 0)).hold.amount).toBe(0);
    await set({});
  }
  await hold(digest, 101);
});

test("tokens a minute count the maximum, and give back what was not used in the same minute", async () => {
  const owner = await customer({ limits: { tokensPerMinute: 1_000 } });
  const digest = firstDigest(owner);
  const first = await hold(digest, 1, { maxTokens: 600 });
  expect(await refusal(hold(digest, 1, { maxTokens: 401 }))).toMatchObject({
    code: "rate_limited",
    limit: "key_tokens",
    headers: {
      "retry-after": "30",
      "x-ratelimit-limit-tokens": "1000",
      "x-ratelimit-remaining-tokens": "400",
    },
  });
  await end(first, 1, 100);
  const second = await hold(digest, 1, { maxTokens: 900 });
  // The next minute begins with all, whatever the last one's requests give back.
  const third = await hold(digest, 1, { maxTokens: 1_000, now: NOW + 60_000 });
  await end(second, 1, 1);
  expect(await refusal(hold(digest, 1, { maxTokens: 1, now: NOW + 60_000 }))).toMatchObject({
    limit: "key_tokens",
  });
  await end(third, 1, 1_000);
  expect(await refusal(hold(digest, 1, { maxTokens: 1_001, now: NOW + 120_000 }))).toMatchObject({
    limit: "key_tokens",
  });
});

test("60 parallel requests on 25 requests a minute of a key: exactly 25 are placed", async () => {
  const owner = await customer({ limits: { requestsPerMinute: 25 } });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 60 }, () => hold(firstDigest(owner), 1)),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(25);
  for (const outcome of outcomes)
    if (outcome.status === "rejected")
      expect(outcome.reason).toMatchObject({ code: "rate_limited", limit: "key_requests" });
}, 60_000);

test("one request may cost as much as the narrowest limit says, and no more", async () => {
  const owner = await customer({ limits: { maxRequestCost: 50 } });
  const digest = firstDigest(owner);
  await setLimits({ ...owner, limits: { maxRequestCost: 70 }, now: NOW });
  await hold(digest, 50);
  expect(await refusal(hold(digest, 51))).toMatchObject({
    code: "insufficient_credits",
    limit: "key_request_cost",
  });
  expect(await refusal(hold(digest, 71))).toMatchObject({ limit: "project_request_cost" });
});

test("a request that holds all of a smaller balance counts its maximum against the limits", async () => {
  const owner = await customer({ credits: 800 });
  const digest = firstDigest(owner);
  await setLimits({ ...owner, limits: { creditsPerDay: 1_000 }, now: NOW });
  const smallRequest = {
    requestId: `req_h${++count}`,
    digest,
    model: "m",
    endpoint: "chat",
    by: "ins_1",
  };
  const placedHold = await placeHold({
    ...smallRequest,
    address: "",
    maxCost: 1_000,
    expectedCost: 10,
    now: NOW,
    left: { aborted: true },
  });
  expect(placedHold.hold).toMatchObject({ amount: 800, limitAmount: 1_000 });
  await post({
    sourceId: `grt_more${count}`,
    accountId: owner.accountId,
    kind: "grant",
    amount: 900,
  });
  expect(await refusal(hold(digest, 1))).toMatchObject({ limit: "project_day" });
  await end(placedHold, 1_000);
  expect((await findById(owner.accountId))?.caps.map(({ left }) => left)).toEqual([0]);
});

test("a limit below what open requests hold is refused, and nothing changes", async () => {
  const owner = await customer();
  const { accountId, projectId } = owner;
  const keyId = owner.keys[0]?.id ?? "";
  await hold(firstDigest(owner), 500);
  const before = await findById(accountId);
  const limits = { creditsPerWeek: 499 };
  for (const attempt of [
    () => setAccountLimits({ accountId, limits, now: NOW }),
    () => setLimits({ accountId, projectId, limits, now: NOW }),
    () => updateKey({ accountId, keyId, changes: { limits }, now: NOW }),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: "bad_request", param: "creditsPerWeek" });
  expect(await findById(accountId)).toEqual(before);
});

test("limits of one project and key change no others", async () => {
  const owner = await customer({ keys: 2 });
  const { accountId } = owner;
  const otherProject = await createProject({ accountId, name: "other" });
  const { secret } = await createKey({ accountId, projectId: otherProject.id, name: "k" });
  await updateKey({
    accountId,
    keyId: owner.keys[0]?.id ?? "",
    now: NOW,
    changes: { limits: { creditsPerDay: 10 } },
  });
  await setLimits({
    accountId,
    projectId: otherProject.id,
    limits: { creditsPerDay: 20 },
    now: NOW,
  });
  await expect(hold(owner.keys[0]?.digest ?? "", 11)).rejects.toMatchObject({ limit: "key_day" });
  await hold(owner.keys[1]?.digest ?? "", 100);
  const digest = digestOf(secret, env().keyPepper);
  await expect(hold(digest, 21)).rejects.toMatchObject({ limit: "project_day" });
  await hold(digest, 20);
});

test("limits that change under traffic leave every cap equal to a count of rows and holds", async () => {
  const owner = await customer({ credits: 100 * CREDIT, keys: 3 });
  const { accountId, projectId, keys } = owner;
  let isGoing = true;
  const traffic = keys.map(async ({ digest }, worker) => {
    for (let i = 0; isGoing; i++) {
      const placedHold = await hold(digest, 10, { now: Date.now() }).catch(
        (error: { code?: string }) => {
          if (error.code === "rate_limited" || error.code === "unavailable") return null;
          throw error;
        },
      );
      if (placedHold) await end(placedHold, (i + worker) % 10);
    }
  });
  for (let i = 0; i < 12; i++) {
    const limits = i % 3 === 2 ? {} : { creditsPerDay: 50_000 + i, creditsPerWeek: 90_000 };
    await setAccountLimits({ accountId, limits });
    await setLimits({ accountId, projectId, limits });
    await updateKey({ accountId, keyId: keys[0]?.id ?? "", changes: { limits } });
  }
  isGoing = false;
  await Promise.all(traffic);
  for (const { digest } of keys)
    await end(await hold(digest, 10, { now: Date.now() }).catch(() => hold(digest, 0)), 0);
  expect(await audit()).toMatchObject({ problems: [] });
}, 120_000);

test.each([
  ["requestsPerMinute", 0],
  ["tokensPerMinute", 10],
] as const)(
  "%s that is removed and set again has what was used of the minute",
  async (name, maxTokens) => {
    const owner = await customer();
    const { accountId } = owner;
    const perRequest = Math.max(1, maxTokens);
    const limits = { [name]: 3 * perRequest };
    const set = (next: Limits) => setAccountLimits({ accountId, limits: next, now: NOW });
    const send = () => hold(firstDigest(owner), 1, { maxTokens });
    await set(limits);
    for (let i = 0; i < 3; i++) await send();
    await set({});
    await set(limits);
    expect(await refusal(send())).toMatchObject({ code: "rate_limited" });
    await set({ [name]: 4 * perRequest });
    await send();
    expect(await refusal(send())).toMatchObject({ code: "rate_limited" });
  },
);

test("a request that began in the window before gives back what it took of the next one", async () => {
  const owner = await customer();
  const { accountId, projectId } = owner;
  const digest = firstDigest(owner);
  const limits = { creditsPerDay: 1_000, creditsPerMonth: 1_000 };
  await setAccountLimits({ accountId, limits, now: NOW });
  await setLimits({ accountId, projectId, limits, now: NOW });
  const reset = Date.UTC(2026, 11, 1);
  // Its body took two seconds, in which another request began the month.
  const next = await hold(digest, 100, { now: reset + 1_000 });
  const late = await hold(digest, 600, { now: reset - 1_000 });
  await end(late, 50);
  await end(next, 30);
  const account = await findById(accountId);
  const left = account?.caps.map((cap) => cap.left);
  expect(left).toEqual([920, 920, 920, 920]);
  expect(account && (await capProblems(account, reset + 2_000))).toEqual([]);
});
