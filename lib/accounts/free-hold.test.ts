import { expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey } from "./keys";
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

test("concurrent free requests cost at most the allowance and one request's excess", async () => {
  const { accountId, digest } = await newcomer();
  // The maximum output of the dearest model, of which a sixteenth is usual.
  const [maxCost, expectedCost] = [6.4 * CREDIT, 0.4 * CREDIT];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => hold(digest, maxCost, expectedCost)),
  );
  const placedHolds = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" ? [outcome.value] : [],
  );
  const rejections = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as { reason: string }] : [],
  );
  // There is something left as soon as those have ended, so it is not the end of the free requests.
  expect(new Set(rejections.map(({ reason }) => reason))).toEqual(new Set(["in_flight_budget"]));
  const excess = placedHolds
    .map(({ hold: { amount } }) => maxCost - amount)
    .filter((cost) => cost > 0);
  expect(excess.length).toBeLessThanOrEqual(1);
  for (const placedHold of placedHolds)
    await settleHold({ accountId, hold: placedHold.hold, cost: maxCost, kept: true });
  expect((await findById(accountId))?.free.credits).toBeGreaterThanOrEqual(2 * CREDIT - maxCost);
});

test("free requests within the allowance run together; a larger one runs with no other", async () => {
  const { accountId, digest } = await newcomer();
  const small = await Promise.all(
    Array.from({ length: 19 }, () => hold(digest, 0.02 * CREDIT, 0.01 * CREDIT)),
  );
  for (const cost of small) {
    expect(cost.hold.free).toBe(true);
    await settleHold({ accountId, hold: cost.hold, cost: 0.01 * CREDIT, kept: true });
  }
  const singleHold = await hold(digest, 6.4 * CREDIT, 0.4 * CREDIT);
  expect(singleHold.hold).toMatchObject({ free: true, amount: 1.81 * CREDIT });
  expect((await findById(accountId))?.free).toEqual({ requests: 0, credits: 0 });
});
