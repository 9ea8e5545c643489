import { afterAll, expect, test, vi } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { noteExhausted } from "@/lib/accounts/exhausted-accounts";
import { setAlert } from "@/lib/accounts/settings";
import { findById } from "@/lib/accounts/queries";
import { audited } from "@/lib/audit-log/record";
import * as clock from "@/lib/clock";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import type { Account } from "@/lib/accounts/schema";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { newId } from "@/lib/ids";
import { post } from "@/lib/ledger/post";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { creditPurchase } from "@/lib/payments/credit-purchase";
import { mailDueStops } from "@/lib/payments/due-mails";
import { recordExhaustedBalances } from "@/lib/payments/exhausted-balance";
import { sendLowBalanceAlerts } from "@/lib/payments/low-balance";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { disableEndpoint } from "@/lib/webhook-endpoints/health";
import { listEndpoints } from "@/lib/webhook-endpoints/queries";
import { enableEndpoint } from "@/lib/webhook-endpoints/update";
import { WebhookEventType, type WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { startMail } from "../../sandbox/mail";
import { announceChanges, auditedWithEvents } from "./announce";
import { emitEvent } from "./emit";
import { addEndpoint } from "./endpoints";
import { RETRY_MS } from "./retry-schedule";

const mail = await startMail();
vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
useOwnDatabase(ensureIndexes);
afterAll(mail.close);

const CREDIT = 1_000_000_000;
let count = 0;

/** An account with an endpoint that subscribes to everything; nothing of these tests is sent. */
async function customer() {
  const email = `emit${++count}@example.com`;
  const { _id: accountId } = await createAccount({ email });
  await addEndpoint({
    accountId,
    url: "http://127.0.0.1:4009/hook",
    events: WebhookEventType.options,
    creator: { kind: "person", id: accountId, name: "Mira" },
  });
  return { email, accountId };
}
const eventsOf = async (accountId: string) =>
  (await listDeliveries({ accountId, limit: 100 })).map(
    ({ type, payload }) => ({ type, ...JSON.parse(payload) }) as { type: string; data: object },
  );
const typesOf = async (accountId: string) =>
  (await eventsOf(accountId)).map(({ type }) => type).toSorted();
const charge = (accountId: string, charged: number) =>
  collection<Account>("accounts").updateOne(
    { _id: accountId },
    { $inc: { credits: -charged, charged } },
  );
const grant = (accountId: string, amount: number) =>
  post({ sourceId: newId("grt"), accountId, kind: "grant", amount });

const detailsOf = (accountId: string) => ({
  accountId,
  actor: { kind: "person", id: accountId, name: "Mira" } as const,
  type: "key.rotated" as const,
  target: { id: "key_1", name: "production", projectId: "prj_1" },
  address: "203.0.113.24",
  client: "Firefox on Linux",
});

test("a low balance is one event and one mail for each fall below the threshold", async () => {
  await emptyMailbox();
  const { accountId, email } = await customer();
  await grant(accountId, 20 * CREDIT);
  await setAlert({ accountId, threshold: 10 * CREDIT });
  await charge(accountId, 11 * CREDIT);
  await Promise.all([sendLowBalanceAlerts(), sendLowBalanceAlerts()]);
  await charge(accountId, CREDIT);
  await sendLowBalanceAlerts();
  expect(await eventsOf(accountId)).toMatchObject([
    { type: "balance.low", data: { balance: "9.000000000", threshold: "10.000000000" } },
  ]);
  await grant(accountId, 20 * CREDIT);
  await sendLowBalanceAlerts();
  await charge(accountId, 20 * CREDIT);
  await sendLowBalanceAlerts();
  expect(await typesOf(accountId)).toEqual(["balance.low", "balance.low"]);
  expect((await listMail()).filter(({ to }) => to === email)).toHaveLength(2);
});

test("an exhausted balance is one event until credits are added, and none while a credit is left", async () => {
  const [owner, rich] = [await customer(), await customer()];
  await grant(owner.accountId, CREDIT / 2);
  await grant(rich.accountId, CREDIT);
  for (let i = 0; i < 3; i++) {
    noteExhausted(owner.accountId);
    noteExhausted(rich.accountId);
    await recordExhaustedBalances();
  }
  expect(await typesOf(owner.accountId)).toEqual(["balance.exhausted"]);
  expect(await typesOf(rich.accountId)).toEqual([]);
  await grant(owner.accountId, CREDIT / 4);
  noteExhausted(owner.accountId);
  await recordExhaustedBalances();
  expect(await typesOf(owner.accountId)).toEqual(["balance.exhausted", "balance.exhausted"]);
});

test("a payment that is credited twice is one event", async () => {
  const { accountId } = await customer();
  const purchase = {
    sourceId: "pi_emit",
    accountId,
    amount: 50 * CREDIT,
    fee: 2 * CREDIT,
    stripe: { paymentIntent: "pi_emit", automatic: true },
  };
  await Promise.all([creditPurchase(purchase), creditPurchase(purchase)]);
  await creditPurchase(purchase);
  expect(await eventsOf(accountId)).toMatchObject([
    {
      type: "payment.credited",
      data: { payment: "pi_emit", method: "card", automatic: true, amount: "50.000000000" },
    },
  ]);
});

test("an automatic top-up that stopped is one event and one mail", async () => {
  await emptyMailbox();
  const { accountId, email } = await customer();
  const stopped = {
    at: new Date(clock.now()),
    reason: "The card has expired.",
    mailAt: new Date(0),
  };
  await collection<Account>("accounts").updateOne(
    { _id: accountId },
    {
      $set: {
        topUp: {
          on: false,
          threshold: 1,
          amount: 1,
          monthlyMax: 1,
          month: { at: 0, charged: 0 },
          stopped,
        },
      },
    },
  );
  await Promise.all([mailDueStops(), mailDueStops()]);
  await mailDueStops();
  expect(await eventsOf(accountId)).toMatchObject([
    { type: "payment.failed", data: { automatic: true, reason: "The card has expired." } },
  ]);
  expect((await listMail()).filter(({ to }) => to === email)).toHaveLength(1);
  expect((await findById(accountId))?.topUp?.stopped?.mailAt).toBeUndefined();
});

test("a change of a key is an event once, also when its server died before it was recorded", async () => {
  const { accountId } = await customer();
  await auditedWithEvents(detailsOf(accountId), async () => undefined);
  expect(await eventsOf(accountId)).toMatchObject([
    {
      type: "key.rotated",
      data: {
        key: { kind: "model", id: "key_1", name: "production", project: "prj_1" },
        actor: { kind: "person", name: "Mira" },
      },
    },
  ]);
  // As a server leaves it that was killed after the change.
  await audited(detailsOf(accountId), async () => undefined);
  await announceChanges();
  await announceChanges();
  expect(await typesOf(accountId)).toEqual(["key.rotated", "key.rotated"]);
});

test("a change that failed or was refused is no event", async () => {
  const { accountId } = await customer();
  const fails = () => Promise.reject(new Error("lost"));
  await expect(auditedWithEvents(detailsOf(accountId), fails)).rejects.toThrow("lost");
  await announceChanges();
  expect(await typesOf(accountId)).toEqual([]);
});

test("what happened before an endpoint was added, changed or enabled is not posted to it", async () => {
  const { accountId } = await customer();
  const [endpoint] = await listEndpoints(accountId);
  const endpointId = endpoint?._id ?? "";
  const happensAt = async (at: Date) => {
    const data = { automatic: true, reason: "The card has expired." } as const;
    const source = `at ${++count}`;
    await emitEvent({ type: "payment.failed", accountId, source, at, data });
    return (await typesOf(accountId)).length;
  };
  const justBefore = () => new Date(clock.now() - 1_000);
  expect(await happensAt(justBefore())).toBe(0);
  expect(await happensAt(new Date(clock.now()))).toBe(1);
  const now = clock.now() + 60_000;
  await disableEndpoint({ endpointId, reason: "gone", since: new Date(0), at: new Date(0) });
  await enableEndpoint({ accountId, endpointId, now });
  expect(await happensAt(new Date(now - 1))).toBe(1);
  expect(await happensAt(new Date(now))).toBe(2);
});

test("an event that is older than any delivery is tried is passed over", async () => {
  const { accountId } = await customer();
  await collection<WebhookEndpoint>("webhook_endpoints").updateOne(
    { accountId },
    { $set: { activeSince: new Date(0) } },
  );
  const event = {
    type: "payment.failed",
    accountId,
    source: "old",
    data: { automatic: true, reason: "The card has expired." },
  } as const;
  await emitEvent({ ...event, at: new Date(clock.now() - RETRY_MS - 60_000) });
  expect(await typesOf(accountId)).toEqual([]);
  await emitEvent({ ...event, at: new Date(clock.now() - RETRY_MS + 60_000) });
  expect(await typesOf(accountId)).toEqual(["payment.failed"]);
});
