import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { post } from "@/lib/ledger/post";
import { ensureIndexes as ledgerIndexes } from "@/lib/ledger/collection";
import { ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { setLimits } from "./limits";
import { leastFor } from "./plan";
import { createProject } from "./projects";
import { findById } from "./queries";
import { settleHold } from "./settle";
import { accounts } from "./collection";

const CREDIT = 1_000_000_000;
const EXCESS = CREDIT;

vi.stubEnv("NEW_ACCOUNT_REQUESTS_IN_FLIGHT", "100");
useOwnDatabase(async () => {
  await ensureIndexes();
  await ledgerIndexes();
});

let count = 0;

interface Customer {
  accountId: string;
  digests: string[];
}

/** An account with a balance, a free allowance and projects, some of them with a monthly limit (nano-credits). */
async function customer({
  credits,
  free,
  limits,
}: {
  credits: number;
  free: number;
  limits: (number | null)[];
}): Promise<Customer> {
  const { _id: accountId } = await createAccount({ email: `excess${++count}@example.com` });
  if (credits > 0)
    await post({ sourceId: `grt_x${count}`, accountId, kind: "grant", amount: credits });
  const requests = free > 0 ? 20 : 0;
  await accounts.updateOne({ _id: accountId }, { $set: { free: { requests, credits: free } } });
  const digests: string[] = [];
  for (const limit of limits) {
    const { id: projectId } = await createProject({ accountId, name: "p" });
    digests.push(digestOf(await regenerateKey({ accountId, projectId }), env().keyPepper));
    if (limit !== null)
      await setLimits({ accountId, projectId, limits: { creditsPerMonth: limit } });
  }
  return { accountId, digests };
}

/** Waits for nothing that other requests hold. */
const hold = (input: {
  digest: string;
  maxCost: number;
  expectedCost: number;
  isUnbounded?: boolean;
}) =>
  placeHold({
    ...input,
    requestId: `req_x${++count}`,
    model: "m",
    endpoint: "responses",
    address: "127.0.0.1",
    by: "ins_1",
    now: Date.now(),
    left: { aborted: true },
  });

test.each([
  // What is left, the maximum cost, and whether that much is enough.
  [1.6, 2.6, true],
  [1.6, 2.7, false],
  [0.4, 0.8, true],
  [0.4, 0.81, false],
  [20, 21, true],
  [20, 21.1, false],
  [20, 20, true],
])("%s credits are enough for a maximum of %s: %s", (remaining, maxCost, isEnough) => {
  const leastHold = leastFor({ maxCost: maxCost * CREDIT, expectedCost: 1 });
  expect(remaining * CREDIT >= leastHold).toBe(isEnough);
});

test("a request with an unbounded tool runs only where its maximum fits", async () => {
  const { digests } = await customer({ credits: 1.6 * CREDIT, free: 2 * CREDIT, limits: [null] });
  const digest = digests[0] ?? "";
  const unboundedRequest = { digest, expectedCost: 0.1 * CREDIT, isUnbounded: true };
  await expect(hold({ ...unboundedRequest, maxCost: 2.1 * CREDIT })).rejects.toMatchObject({
    code: "insufficient_credits",
    message: expect.stringContaining("max_tool_calls"),
  });
  expect((await hold({ ...unboundedRequest, maxCost: 2 * CREDIT })).hold).toMatchObject({
    free: true,
  });
  expect((await hold({ ...unboundedRequest, maxCost: 1.6 * CREDIT })).hold).toMatchObject({
    free: false,
  });
});

test("a request that the free allowance cannot pay for uses credits", async () => {
  const { digests } = await customer({ credits: 10 * CREDIT, free: 2 * CREDIT, limits: [null] });
  const digest = digests[0] ?? "";
  const { hold: placedHold } = await hold({
    digest,
    maxCost: 6 * CREDIT,
    expectedCost: 0.4 * CREDIT,
  });
  expect(placedHold).toMatchObject({ free: false, amount: 6 * CREDIT });
});

test("a closer maximum is computed once, and only where the first does not fit", async () => {
  const { digests } = await customer({ credits: 2 * CREDIT, free: 0, limits: [null] });
  const refine = vi.fn(async () => ({
    maxCost: 1.9 * CREDIT,
    expectedCost: 0.1 * CREDIT,
    outputThatFits: () => 0,
  }));
  const request = {
    requestId: `req_r${++count}`,
    digest: digests[0] ?? "",
    model: "m",
    endpoint: "messages",
    address: "127.0.0.1",
    expectedCost: 0.1 * CREDIT,
    by: "ins_1",
    now: Date.now(),
    refine,
  };
  const small = await placeHold({ ...request, maxCost: 0.05 * CREDIT });
  expect(refine).not.toHaveBeenCalled();
  await settleHold({ accountId: small.accountId, hold: small.hold, cost: 0, kept: false });
  const placedHold = await placeHold({ ...request, requestId: "req_refined", maxCost: 9 * CREDIT });
  expect(refine).toHaveBeenCalledTimes(1);
  expect(placedHold.hold.amount).toBe(1.9 * CREDIT);
});

const amount = (max: number) =>
  fc.integer({ min: 1, max: Math.round(max * 1_000) }).map((n) => n * (CREDIT / 1_000));

test("no sequence of requests takes a balance or an allowance below zero by more than EXCESS_MAX, nor a limit at all", async () => {
  await fc.assert(
    fc.asyncProperty(
      amount(6),
      fc.option(amount(3), { nil: 0 }),
      fc.array(fc.option(amount(4)), { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.record({
          project: fc.nat(2),
          maxCost: amount(8),
          expectedCost: amount(1),
          isUnbounded: fc.boolean(),
          // How much of its maximum the adversary uses, and when it ends.
          used: fc.constantFrom(0, 0.5, 1, 1, 1),
          endsAfter: fc.nat(4),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      async (credits, free, limits, requests) => {
        const { accountId, digests } = await customer({ credits, free, limits });
        const open: { held: PlacedHold; cost: number; endsAt: number }[] = [];
        const settle = async ({ held: placedHold, cost }: (typeof open)[number]) =>
          settleHold({ accountId, hold: placedHold.hold, cost, kept: true });
        for (const [
          i,
          { project, maxCost, expectedCost, isUnbounded, used: usedCredits, endsAfter },
        ] of requests.entries()) {
          for (const entry of open.filter(({ endsAt }) => endsAt === i)) await settle(entry);
          const digest = digests[project % digests.length] ?? "";
          const request = {
            digest,
            maxCost,
            expectedCost: Math.min(expectedCost, maxCost),
            isUnbounded,
          };
          const placedHold = await hold(request).catch(() => null);
          if (placedHold)
            open.push({
              held: placedHold,
              cost: Math.floor(maxCost * usedCredits),
              endsAt: i + 1 + endsAfter,
            });
        }
        for (const entry of open.filter(({ endsAt }) => endsAt >= requests.length))
          await settle(entry);
        const account = await findById(accountId);
        expect(account?.holds).toEqual([]);
        expect(account?.credits).toBeGreaterThanOrEqual(-Math.min(EXCESS, credits));
        expect(account?.free.credits).toBeGreaterThanOrEqual(-Math.min(EXCESS, free));
        for (const { left: remaining } of account?.caps ?? [])
          expect(remaining).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: Number(process.env.ONEKEY_TEST_LONG ? 2_000 : 120) },
  );
}, 1_800_000);
