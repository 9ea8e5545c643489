import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import * as clock from "@/lib/clock";
import { useOwnDatabase } from "@/lib/db/own-database";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { newId } from "@/lib/ids";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { claimDelivery, LEASE_MS } from "@/lib/webhook-deliveries/claim";
import { listDue } from "@/lib/webhook-deliveries/queries";
import { getEndpoint } from "@/lib/webhook-endpoints/queries";
import { enableEndpoint } from "@/lib/webhook-endpoints/update";
import { startMail } from "../../sandbox/mail";
import { deliverDue, sendDelivery, startDueDeliveries } from "./deliver";
import { mailDisabledEndpoints } from "./disabled-mail";
import { emitEvent } from "./emit";
import { RETRY_MS } from "./retry-schedule";
import { createReceivingAccount, deliveriesOf, newEvent } from "./testing/customer";
import { startReceiver, withStatus } from "./testing/receiver";

const mail = await startMail();
vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
useOwnDatabase(ensureIndexes);
afterAll(mail.close);

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
});

const receiving = () => createReceivingAccount(receiver.url);
/** Delivers what is due so many milliseconds from now. */
const deliverIn = (ms: number) => deliverDue({ now: clock.now() + ms });

test("an event arrives once, and the library of the scheme verifies it", async () => {
  const { accountId, secret } = await receiving();
  const event = newEvent(accountId);
  await Promise.all([emitEvent(event), emitEvent(event), emitEvent(event)]);
  await Promise.all([deliverDue(), deliverDue()]);
  await deliverDue();
  expect(receiver.events).toHaveLength(1);
  const [{ body, headers } = { body: "", headers: {} }] = receiver.events;
  expect(new Webhook(secret).verify(body, headers)).toEqual({
    type: "payment.failed",
    account: accountId,
    timestamp: event.at.toISOString(),
    data: { automatic: true, reason: "The card has expired." },
  });
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow("No matching");
  expect(await deliveriesOf(accountId)).toMatchObject([
    { state: "delivered", attemptCount: 1, attempts: [{ status: 204 }] },
  ]);
});

test("an endpoint gets only the events that it subscribes to, and only its account's", async () => {
  const [owner, other] = [await receiving(), await receiving()];
  await emitEvent({
    type: "balance.exhausted",
    accountId: owner.accountId,
    source: "x",
    at: new Date(clock.now()),
    data: { balance: "0.000000000" },
  });
  await emitEvent(newEvent(other.accountId));
  expect(await deliveriesOf(owner.accountId)).toEqual([]);
  expect(await deliveriesOf(other.accountId)).toHaveLength(1);
});

test("what was not accepted is sent again with the same id, until it is", async () => {
  const { accountId, secret } = await receiving();
  receiver.respondWith(withStatus(500));
  await emitEvent(newEvent(accountId));
  await deliverDue();
  expect(await deliveriesOf(accountId)).toMatchObject([
    { state: "pending", attemptCount: 1, attempts: [{ status: 500 }] },
  ]);
  await deliverIn(4_000);
  expect(receiver.events).toHaveLength(1);
  await deliverIn(6_000);
  expect(receiver.events).toHaveLength(2);
  receiver.respondWith(withStatus(200));
  await deliverIn(400_000);
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: "delivered", attemptCount: 3 }]);
  expect(new Set(receiver.events.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  for (const { body, headers } of receiver.events)
    expect(new Webhook(secret).verify(body, headers)).toBeDefined();
  await deliverIn(RETRY_MS);
  expect(receiver.events).toHaveLength(3);
});

test("a sender that was killed after it sent leaves the event to another, after its lease", async () => {
  const { accountId } = await receiving();
  await emitEvent(newEvent(accountId));
  const now = clock.now();
  const [delivery] = await listDue({
    now,
    except: { accountIds: [], endpointIds: [] },
    limit: 1,
  });
  if (!delivery) throw new Error("Nothing is due.");
  // It has sent and is killed before it records: what is left is its claim.
  expect(await claimDelivery({ delivery, by: "snd_killed", now })).toBe(true);
  await deliverIn(LEASE_MS / 2);
  expect(receiver.events).toHaveLength(0);
  await deliverIn(LEASE_MS + 1_000);
  expect(receiver.events).toHaveLength(1);
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: "delivered", attemptCount: 1 }]);
  // Were it not dead but slow, its record would come too late.
  await sendDelivery({ delivery, by: "snd_killed" });
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: "delivered", attemptCount: 1 }]);
});

test("of many claims of one attempt, one succeeds", async () => {
  const { accountId } = await receiving();
  await emitEvent(newEvent(accountId));
  const now = clock.now();
  const [delivery] = await listDue({ now, except: { accountIds: [], endpointIds: [] }, limit: 1 });
  if (!delivery) throw new Error("Nothing is due.");
  const claims = await Promise.all(
    Array.from({ length: 20 }, () => claimDelivery({ delivery, by: newId("snd"), now })),
  );
  expect(claims.filter(Boolean)).toHaveLength(1);
});

test("an endpoint that accepts nothing for 3 days is disabled, and its owner gets one email", async () => {
  await emptyMailbox();
  const { accountId, endpointId, email } = await receiving();
  receiver.respondWith(withStatus(503));
  const now = clock.now();
  await emitEvent(newEvent(accountId));
  await deliverDue();
  await emitEvent(newEvent(accountId));
  // All attempts between the first and the last fail alike.
  vi.spyOn(clock, "now").mockImplementation(() => now + RETRY_MS + 60_000);
  await deliverDue({ now: now + RETRY_MS + 60_000 });
  const endpoint = await getEndpoint({ accountId, endpointId });
  expect(endpoint.disabled).toMatchObject({ reason: "failing" });
  expect((await deliveriesOf(accountId)).map(({ state }) => state)).not.toContain("pending");
  await Promise.all([mailDisabledEndpoints(), mailDisabledEndpoints()]);
  await mailDisabledEndpoints();
  const mails = (await listMail()).filter(({ to }) => to === email);
  expect(mails.map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Webhooks to 127\.0\.0\.1:\d+ are disabled$/),
  ]);
  await emitEvent(newEvent(accountId, new Date(clock.now())));
  expect(await deliveriesOf(accountId)).toHaveLength(2);
  await enableEndpoint({ accountId, endpointId });
  await emitEvent(newEvent(accountId, new Date(clock.now())));
  expect(await deliveriesOf(accountId)).toHaveLength(3);
  vi.restoreAllMocks();
});

test("an endpoint that accepted another event since is not disabled when one is given up", async () => {
  const { accountId, endpointId } = await receiving();
  receiver.respondWith(withStatus(503));
  const now = clock.now();
  await emitEvent(newEvent(accountId));
  await deliverDue();
  receiver.respondWith(withStatus(200));
  await emitEvent(newEvent(accountId));
  await deliverDue();
  receiver.respondWith(withStatus(503));
  vi.spyOn(clock, "now").mockImplementation(() => now + RETRY_MS + 60_000);
  await deliverDue({ now: now + RETRY_MS + 60_000 });
  vi.restoreAllMocks();
  expect((await deliveriesOf(accountId)).map(({ state }) => state).toSorted()).toEqual([
    "delivered",
    "failed",
  ]);
  expect((await getEndpoint({ accountId, endpointId })).disabled).toBeUndefined();
});

test("410 disables the endpoint immediately, and what was due is stopped", async () => {
  const { accountId, endpointId } = await receiving();
  receiver.respondWith(withStatus(500));
  await emitEvent(newEvent(accountId));
  await deliverDue();
  receiver.respondWith(withStatus(410));
  await emitEvent(newEvent(accountId));
  await deliverDue();
  expect((await getEndpoint({ accountId, endpointId })).disabled).toMatchObject({ reason: "gone" });
  expect((await deliveriesOf(accountId)).map(({ state }) => state).toSorted()).toEqual([
    "failed",
    "stopped",
  ]);
});

test("a slow endpoint takes two attempts at a time and delays no other endpoint", async () => {
  let [openCount, maxOpenCount] = [0, 0];
  const slow = await startReceiver((res) => {
    maxOpenCount = Math.max(maxOpenCount, ++openCount);
    res.once("close", () => openCount--);
  });
  const [slowOwner, owner] = [await createReceivingAccount(slow.url), await receiving()];
  for (let i = 0; i < 5; i++) await emitEvent(newEvent(slowOwner.accountId));
  await emitEvent(newEvent(owner.accountId));
  // No repetition is due at that time, however long the test takes.
  const now = clock.now();
  // It returns although the slow endpoint will not respond for 10 s.
  await startDueDeliveries(now);
  await expect.poll(() => receiver.events.length).toBe(1);
  await expect.poll(() => maxOpenCount).toBe(2);
  await slow.close();
  await deliverDue({ now, rounds: 3 });
  expect(maxOpenCount).toBe(2);
  expect((await deliveriesOf(slowOwner.accountId)).map(({ attemptCount }) => attemptCount)).toEqual(
    [1, 1, 1, 1, 1],
  );
});
