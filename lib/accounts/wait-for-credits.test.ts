import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { findById } from "./queries";
import { settleHold } from "./settle";

useOwnDatabase(ensureIndexes);

let count = 0;

/** An account with so many nano-credits and no free request. */
async function customer(credits: number) {
  const account = await createAccount({ email: `${++count}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const key = await regenerateKey({ accountId: account._id, projectId });
  await accounts.updateOne(
    { _id: account._id },
    { $set: { credits, posted: credits, "free.requests": 0 } },
  );
  return { accountId: account._id, digest: digestOf(key, env().keyPepper) };
}

const hold = (
  digest: string,
  amount: number,
  {
    client = { aborted: false },
    onAttempt,
  }: { client?: { aborted: boolean }; onAttempt?: () => void } = {},
): Promise<PlacedHold> =>
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
    left: client,
    settled: async () => onAttempt?.(),
  });

const end = ({ accountId, hold: placedHold }: PlacedHold, cost: number) =>
  settleHold({ accountId, hold: placedHold, cost, kept: true });

test("a request that only lacks what another one holds is sent when that one ends", async () => {
  const { accountId, digest } = await customer(100);
  const first = await hold(digest, 90);
  const second = hold(digest, 80);
  await sleep(50);
  await end(first, 15);
  expect((await second).hold.amount).toBe(80);
  expect((await findById(accountId))?.credits).toBe(5);
});

test("waiting requests are sent in arrival order, each as soon as it fits", async () => {
  const { digest } = await customer(100);
  const first = await hold(digest, 100);
  const order: number[] = [];
  const waiting: Promise<void>[] = [];
  for (const place of [1, 2, 3, 4]) {
    // The next one is sent when this one does not fit, and its last read before it waits has had time to end.
    await new Promise<void>((onAttempt) =>
      waiting.push(
        hold(digest, 40, { onAttempt }).then(async (placedHold) => {
          order.push(place);
          await end(placedHold, 1);
        }),
      ),
    );
    await sleep(100);
  }
  await end(first, 1);
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3, 4]);
});

test("an end in another instance is noticed", async () => {
  const { accountId, digest } = await customer(100);
  await hold(digest, 90);
  const second = hold(digest, 80);
  await sleep(50);
  await accounts.updateOne({ _id: accountId }, { $set: { holds: [] }, $inc: { credits: 90 } });
  expect((await second).hold.amount).toBe(80);
});

test("what stays held is a 429 that says how much by how many requests, never a 402", async () => {
  const { digest } = await customer(1_000_000_000);
  await hold(digest, 400_000_000);
  await hold(digest, 350_000_000);
  await expect(hold(digest, 300_000_000)).rejects.toMatchObject({
    code: "rate_limited",
    reason: "in_flight_budget",
    message: expect.stringMatching(
      /^This request can cost up to 0\.300000000 credits\. 0\.250000000 of your credits are available and 0\.750000000 are held by 2 requests in flight\. Try again in \d+ s/,
    ),
    headers: { "retry-after": expect.stringMatching(/^\d+$/) },
  });
});

test("a request that all credits together would not pay is a 402, and does not wait", async () => {
  const { digest } = await customer(100);
  await hold(digest, 90);
  await expect(hold(digest, 101)).rejects.toMatchObject({ code: "insufficient_credits" });
});

test("a request whose wait ends in too small a balance is a 402", async () => {
  const { digest } = await customer(100);
  const first = await hold(digest, 90);
  const second = hold(digest, 80);
  await sleep(50);
  const rejection = expect(second).rejects.toMatchObject({ code: "insufficient_credits" });
  await end(first, 90);
  await rejection;
});

test("a client that leaves while its request waits gets no hold", async () => {
  const { accountId, digest } = await customer(100);
  const first = await hold(digest, 90);
  const client = { aborted: false };
  const second = hold(digest, 80, { client });
  await sleep(50);
  client.aborted = true;
  const rejection = expect(second).rejects.toMatchObject({ reason: "in_flight_budget" });
  await rejection;
  await end(first, 0);
  expect((await findById(accountId))?.holds).toEqual([]);
});

test("64 requests of one account wait, and more are refused immediately", async () => {
  const { digest } = await customer(100);
  const first = await hold(digest, 90);
  const refusals: string[] = [];
  const all = Array.from({ length: 70 }, () =>
    hold(digest, 80).catch((error: { code: string }) => refusals.push(error.code)),
  );
  while (refusals.length < 6) await sleep(5);
  expect(refusals).toEqual(Array.from({ length: 6 }, () => "rate_limited"));
  await end(first, 90);
  await Promise.all(all);
  // Each was tried in its turn; on a slow machine the time of the last ones was up before.
  expect(refusals).toHaveLength(70);
  const ends = new Set(refusals.slice(6));
  expect(ends).toContain("insufficient_credits");
  expect(
    [...ends].filter((code) => code !== "insufficient_credits" && code !== "rate_limited"),
  ).toEqual([]);
});
