import { expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { createProject } from "./projects";
import { findById } from "./queries";
import type { Account } from "./schema";
import { settleHold } from "./settle";

vi.stubEnv("NEW_ACCOUNT_REQUESTS_PER_MINUTE", "6");
vi.stubEnv("NEW_ACCOUNT_REQUESTS_IN_FLIGHT", "4");
vi.stubEnv("ACCOUNT_REQUESTS_PER_MINUTE", "40");
vi.stubEnv("ACCOUNT_REQUESTS_IN_FLIGHT", "30");
useOwnDatabase(ensureIndexes);

const NOON = Date.UTC(2026, 10, 30, 12, 0, 10);
let count = 0;

async function newcomer() {
  const account = await createAccount({ email: `${++count}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const key = await regenerateKey({ accountId: account._id, projectId });
  return { accountId: account._id, digest: digestOf(key, env().keyPepper) };
}

const hold = (digest: string, { now = NOON, amount = 0 } = {}): Promise<PlacedHold> =>
  placeHold({
    requestId: `req_${++count}`,
    digest,
    model: "gpt-6-luna",
    endpoint: "moderations",
    address: "127.0.0.1",
    maxCost: amount,
    expectedCost: amount,
    by: "ins_1",
    now,
  });

const end = (placedHold: PlacedHold) =>
  settleHold({ accountId: placedHold.accountId, hold: placedHold.hold, cost: 0, kept: true });

/** Places and ends so many holds, one after the other. */
async function send(digest: string, requests: number, now = NOON): Promise<void> {
  for (let i = 0; i < requests; i++) await end(await hold(digest, { now }));
}

const change = async (accountId: string, set: Partial<Account>) =>
  accounts.updateOne({ _id: accountId }, { $set: set });

test("the account's requests per minute cover all its projects and free requests", async () => {
  const { accountId, digest } = await newcomer();
  const { id: projectId } = await createProject({ accountId, name: "Second" });
  const second = digestOf(await regenerateKey({ accountId, projectId }), env().keyPepper);
  await send(digest, 3);
  await send(second, 3);
  const refusal = {
    code: "rate_limited",
    message: expect.stringContaining("6 requests a minute"),
    headers: {
      "retry-after": "50",
      "x-ratelimit-limit-requests": "6",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "50s",
    },
  };
  for (const secret of [digest, second]) await expect(hold(secret)).rejects.toMatchObject(refusal);
  await send(digest, 6, NOON + 60_000);
  await expect(hold(second, { now: NOON + 60_000 })).rejects.toMatchObject(refusal);
});

test("of 40 requests that arrive together, a minute takes exactly its number", async () => {
  const { accountId, digest } = await newcomer();
  await change(accountId, { posted: 1, free: { requests: 0, credits: 0 } });
  const first = await Promise.allSettled(Array.from({ length: 25 }, () => hold(digest)));
  for (const outcome of first) if (outcome.status === "fulfilled") await end(outcome.value);
  const second = await Promise.allSettled(Array.from({ length: 25 }, () => hold(digest)));
  const placedHolds = [...first, ...second].filter(({ status }) => status === "fulfilled");
  expect(placedHolds).toHaveLength(40);
  expect((await findById(accountId))?.minute).toEqual({ at: NOON - 10_000, used: 40 });
});

test("what another instance admitted counts, and a clock that went back blocks nothing", async () => {
  const { accountId, digest } = await newcomer();
  await send(digest, 1);
  await change(accountId, { minute: { at: NOON - 10_000, used: 5 } });
  await send(digest, 1);
  await expect(hold(digest)).rejects.toMatchObject({ code: "rate_limited" });
  await change(accountId, { minute: { at: NOON + 86_390_000, used: 6 } });
  await send(digest, 6);
  expect((await findById(accountId))?.minute).toEqual({ at: NOON - 10_000, used: 6 });
});

test("requests in flight are limited, on credits and on free requests", async () => {
  const { digest } = await newcomer();
  const open = await Promise.all(Array.from({ length: 4 }, () => hold(digest, { amount: 10 })));
  await expect(hold(digest, { amount: 10 })).rejects.toMatchObject({
    code: "rate_limited",
    message: expect.stringContaining("4 requests in flight"),
    headers: { "retry-after": expect.stringMatching(/^\d+$/) },
  });
  if (open[0]) await end(open[0]);
  expect((await hold(digest, { amount: 10 })).hold.free).toBe(true);
});

test("the first purchase raises both limits immediately, and its refund lowers them", async () => {
  const { accountId, digest } = await newcomer();
  await send(digest, 6);
  await expect(hold(digest)).rejects.toMatchObject({ code: "rate_limited" });
  await change(accountId, { posted: 1_000, credits: 1_000 });
  const placedHolds = await Promise.all(Array.from({ length: 10 }, () => hold(digest)));
  for (const placedHold of placedHolds) await end(placedHold);
  await send(digest, 24);
  await expect(hold(digest)).rejects.toMatchObject({
    message: expect.stringContaining("40 requests a minute"),
  });
  await change(accountId, { posted: 0, credits: 0 });
  await expect(hold(digest)).rejects.toMatchObject({
    message: expect.stringContaining("6 requests a minute"),
  });
});
