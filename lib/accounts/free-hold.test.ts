import { expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { grantCredits } from "@/lib/payments/grant";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { findById } from "./queries";
import { settleHold } from "./settle";

let count = 0;

vi.stubEnv("NEW_ACCOUNT_REQUESTS_IN_FLIGHT", "100");
useOwnDatabase(ensureIndexes);

async function newcomer() {
  const account = await createAccount({ email: `${++count}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const digest = digestOf(
    await regenerateKey({ accountId: account._id, projectId }),
    env().keyPepper,
  );
  return { accountId: account._id, digest };
}

const hold = (digest: string, maxCost: number, expectedCost: number): Promise<PlacedHold> =>
  placeHold({
    requestId: `req_${++count}`,
    digest,
    model: "gpt-6-astra",
    endpoint: "responses",
    address: "127.0.0.1",
    maxCost,
    expectedCost,
    by: "ins_1",
    now: Date.now(),
  });
const CREDIT = 1_000_000_000;

test("concurrent free requests are worth at most the allowance and one request's excess", async () => {
  const { accountId, digest } = await newcomer();
  // More than the allowance, by less than EXCESS_MAX.
  const [maxCost, expectedCost] = [2.9 * CREDIT, 0.4 * CREDIT];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => hold(digest, maxCost, expectedCost)),
  );
  const placedHolds = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" ? [outcome.value] : [],
  );
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as { reason: string }] : [],
  );
  // There is something left as soon as those have ended, so it is not the end of the free requests.
  expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(["in_flight_budget"]));
  const excess = placedHolds
    .map((outcome) => maxCost - outcome.hold.amount)
    .filter((outcome) => outcome > 0);
  expect(excess.length).toBeLessThanOrEqual(1);
  for (const outcome of placedHolds)
    await settleHold({ accountId, hold: outcome.hold, cost: maxCost, kept: true });
  expect((await findById(accountId))?.free.credits).toBeGreaterThanOrEqual(2 * CREDIT - maxCost);
});

test("free requests within the allowance run together, a larger one runs with no other", async () => {
  const { accountId, digest } = await newcomer();
  const small = await Promise.all(
    Array.from({ length: 19 }, () => hold(digest, 0.02 * CREDIT, 0.01 * CREDIT)),
  );
  for (const outcome of small) {
    expect(outcome.hold.free).toBe(true);
    await settleHold({ accountId, hold: outcome.hold, cost: 0.01 * CREDIT, kept: true });
  }
  const singleHold = await hold(digest, 2.8 * CREDIT, 0.4 * CREDIT);
  expect(singleHold.hold).toMatchObject({ free: true, amount: 1.81 * CREDIT });
  expect((await findById(accountId))?.free).toEqual({ requests: 0, credits: 0 });
});

test("requests that share the last free ones with others that end are held, not refused", async () => {
  const { accountId, digest } = await newcomer();
  await grantCredits({ accountId, amount: 100 * CREDIT, reason: "test", operator: null });
  const cost = 0.001 * CREDIT;
  const usedHolds = await Promise.all(Array.from({ length: 17 }, () => hold(digest, cost, cost)));
  for (const outcome of usedHolds)
    await settleHold({ accountId, hold: outcome.hold, cost: 1_000, kept: true });
  // Each of these gives its free request back, which the others are about to take.
  const customers = Array.from({ length: 40 }, async () => {
    for (let i = 0; i < 10; i++) {
      const placedHold = await hold(digest, cost, cost);
      await settleHold({ accountId, hold: placedHold.hold, cost: 0, kept: false });
    }
  });
  expect(
    (await Promise.allSettled(customers)).filter(({ status }) => status === "rejected"),
  ).toEqual([]);
});
