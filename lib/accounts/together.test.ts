import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { createKey } from "@/lib/keys/create";
import { regenerateKey, revokeProjectKeys } from "@/lib/keys/regenerate";
import { findById } from "./queries";
import { capId } from "./schema";
import { setLimits } from "./limits";
import { settleHolds } from "./settle";
import { monthKey } from "./windows";

let count = 0;

useOwnDatabase(ensureIndexes);

/** An account with so many nano-credits, its free requests used up, and its key's digest. */
async function customer(credits: number) {
  const account = await createAccount({ email: `${++count}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const digest = digestOf(
    await regenerateKey({ accountId: account._id, projectId }),
    env().keyPepper,
  );
  await accounts.updateOne(
    { _id: account._id },
    { $set: { credits, posted: credits, "free.requests": 0 } },
  );
  return { accountId: account._id, projectId, digest };
}

const hold = (digest: string, amount = 100, onSettled = async () => {}): Promise<PlacedHold> =>
  placeHold({
    requestId: `req_${++count}`,
    digest,
    model: "gpt-6-luna",
    endpoint: "chat.completions",
    address: "127.0.0.1",
    maxCost: amount,
    expectedCost: amount,
    by: "ins_1",
    now: Date.now(),
    settled: onSettled,
  });
const codeOf = (outcome: PromiseSettledResult<PlacedHold>) =>
  outcome.status === "fulfilled" ? "held" : codeOfError(outcome.reason);
const codeOfError = (error: { code: string; reason?: string }) => error.reason ?? error.code;

test("of holds that arrive together each has its own outcome: rich, poor and revoked", async () => {
  const [rich, poor, revokedKey] = [
    await customer(100_000),
    await customer(250),
    await customer(100_000),
  ];
  await hold(revokedKey.digest);
  await revokeProjectKeys({ accountId: revokedKey.accountId, projectId: revokedKey.projectId });
  const callers = Array.from({ length: 20 }, () => [rich, poor, revokedKey]).flat();
  const outcomes = (await Promise.allSettled(callers.map(({ digest }) => hold(digest)))).map(
    codeOf,
  );
  const of = (caller: typeof rich) => outcomes.filter((_, i) => callers[i] === caller);
  expect(of(rich)).toEqual(Array.from({ length: 20 }, () => "held"));
  expect(of(poor).filter((code) => code === "held")).toHaveLength(2);
  expect(of(poor).filter((code) => code === "in_flight_budget")).toHaveLength(18);
  expect(of(revokedKey)).toEqual(Array.from({ length: 20 }, () => "invalid_key"));
  expect(await findById(rich.accountId)).toMatchObject({ credits: 98_000, holds: { length: 20 } });
  expect(await findById(poor.accountId)).toMatchObject({ credits: 50, holds: { length: 2 } });
});

test("holds of several keys of an account are placed together, and none of a revoked key", async () => {
  const { accountId, projectId, digest } = await customer(100_000);
  const createDigest = async (name: string) => {
    const { key, secret } = await createKey({ accountId, projectId, name });
    return { keyId: key._id, digest: digestOf(secret, env().keyPepper) };
  };
  const [second, third] = [await createDigest("second"), await createDigest("third")];
  const digests = Array.from({ length: 10 }, () => [digest, second.digest, third.digest]).flat();
  const placeAll = async () =>
    (await Promise.allSettled(digests.map((keyDigest) => hold(keyDigest)))).map(codeOf);
  expect(await placeAll()).toEqual(digests.map(() => "held"));
  // Not through this instance, which still takes the key for one that works.
  await accounts.updateOne({ _id: accountId }, { $pull: { keys: third.digest } });
  expect(await placeAll()).toEqual(
    digests.map((keyDigest) => (keyDigest === third.digest ? "invalid_key" : "held")),
  );
  expect(await findById(accountId)).toMatchObject({
    credits: 100_000 - 50 * 100,
    holds: { length: 50 },
    minute: { used: 50 },
  });
});

test("settles that end together each close their own hold once, repeated or not", async () => {
  const some = [await customer(10_000), await customer(10_000)];
  const placedHolds = await Promise.all(
    [...some, ...some, ...some].map(({ digest }) => hold(digest)),
  );
  const closings = placedHolds.map((placedHold) => ({
    accountId: placedHold.accountId,
    hold: placedHold.hold,
    cost: 7,
    kept: false,
  }));
  await settleHolds([...closings, ...closings]);
  await settleHolds(closings);
  for (const { accountId } of some)
    expect(await findById(accountId)).toMatchObject({
      credits: 10_000 - 21,
      charged: 21,
      holds: [],
    });
});

test("a settle gives back to a cap that another instance opened meanwhile", async () => {
  const { accountId, projectId, digest } = await customer(10_000);
  const placedHolds = [await hold(digest), await hold(digest)];
  const id = capId(projectId, "total", 0);
  // Not through this instance, which still knows the account without caps.
  await accounts.updateOne({ _id: accountId }, { $push: { caps: { id, left: 300 } } });
  const [first, ...others] = placedHolds.map((placedHold) => ({
    accountId,
    hold: placedHold.hold,
    cost: 7,
    kept: false,
  }));
  if (!first) throw new Error("There is a hold.");
  expect(await settleHolds([first])).toEqual([undefined]);
  expect((await findById(accountId))?.caps).toEqual([{ id, left: 393 }]);
  await settleHolds([...others, first]);
  expect(await findById(accountId)).toMatchObject({
    credits: 10_000 - 14,
    charged: 14,
    caps: [{ id, left: 486 }],
    holds: [],
  });
});

test("holds of one key that do not all fit into its month are placed as far as they do", async () => {
  const { accountId, projectId, digest } = await customer(100_000);
  await setLimits({ accountId, projectId, limits: { creditsPerMonth: 350 } });
  const outcomes = (await Promise.allSettled(Array.from({ length: 8 }, () => hold(digest)))).map(
    codeOf,
  );
  expect(outcomes.filter((code) => code === "held")).toHaveLength(3);
  expect(await findById(accountId)).toMatchObject({
    credits: 99_700,
    holds: { length: 3 },
    caps: [{ left: 50 }],
  });
});

test("concurrent holds never exceed the limit of open holds", async () => {
  const { accountId, digest } = await customer(1_000_000);
  expect(env().accountLimits.afterPurchase.requestsInFlight).toBe(500);
  const outcomes = (
    await Promise.allSettled(Array.from({ length: 530 }, () => hold(digest, 1)))
  ).map(codeOf);
  expect(outcomes.filter((code) => code === "held")).toHaveLength(500);
  expect(outcomes.filter((code) => code === "rate_limited")).toHaveLength(30);
  expect(await findById(accountId)).toMatchObject({
    credits: 1_000_000 - 500,
    holds: { length: 500 },
  });
});

test("the hold of an ended response refuses no request", async () => {
  const { accountId, digest } = await customer(100);
  const first = await hold(digest);
  const onSettled = async () =>
    void (await settleHolds([{ accountId, hold: first.hold, cost: 10, kept: false }]));
  await expect(hold(digest, 90)).rejects.toMatchObject({ reason: "in_flight_budget" });
  expect((await hold(digest, 90, onSettled)).hold.amount).toBe(90);
});

test("settles of free and paid requests of two projects share one write and add up", async () => {
  const { accountId, projectId, digest } = await customer(10_000);
  await accounts.updateOne({ _id: accountId }, { $set: { free: { requests: 1, credits: 1_000 } } });
  const free = await hold(digest);
  await setLimits({ accountId, projectId, limits: { creditsPerMonth: 5_000 } });
  const paidHolds = [await hold(digest), await hold(digest)];
  const closings = [free, ...paidHolds].map(({ hold: placedHold }) => ({
    accountId,
    hold: placedHold,
    cost: 7,
    kept: placedHold.free,
  }));
  expect(await settleHolds(closings)).toEqual([undefined, undefined, undefined]);
  expect(await findById(accountId)).toMatchObject({
    credits: 1e4 - 14,
    charged: 14,
    holds: [],
    free: {
      requests: 0,
      credits: 993,
    },
    caps: [{ left: 5e3 - 14 }],
    projects: [{ spent: { [monthKey(Date.now())]: 14 } }],
  });
});
