import { afterAll, beforeAll, expect, test } from "vitest";
import { findById } from "@/lib/accounts/queries";
import { deleteAccount } from "@/lib/auth/delete-account";
import { closeDatabase } from "@/lib/db/client";
import { listEntries } from "@/lib/ledger/queries";
import { parseCredits } from "@/lib/money";
import { pollCardPayments } from "@/lib/payments/cards/check-payment";
import { listPurchases } from "@/lib/purchases/queries";
import type { Account } from "@/lib/accounts/schema";
import { auditProblems, onekey, showAccount, deployment } from "../support/shared-deployment";
import {
  createBuyer,
  eventOf,
  openCheckoutPage,
  pause,
  pressButton,
  sessionOf,
  startCardDeployment,
  untilCredits,
  type CardDeployment,
} from "./stripe-deployment";

let cards: CardDeployment;
beforeAll(async () => {
  cards = await startCardDeployment();
});
afterAll(async () => {
  await cards.close();
  await closeDatabase();
});

const entriesOf = async (account: Account) => listEntries(account._id);
const lastPurchase = async (account: Account) =>
  (await listPurchases({ accountId: account._id, limit: 1 }))[0];

test("a paid Checkout is credited by its webhook: amount, fee, tax and total as charged", async () => {
  const account = await createBuyer();
  const page = await openCheckoutPage(account, "50");
  const back = await pressButton(page, "pay", {
    country: "DE",
    taxId: "DE123456789",
    name: "Mira GmbH",
  });
  expect(back).toMatch(new RegExp(`^${cards.origin}/dashboard/credits\\?payment=pur_`));
  await untilCredits(account, "50");
  const [entry] = await entriesOf(account);
  const session = await cards.api.checkout.sessions.retrieve(sessionOf(page));
  expect(session).toMatchObject({ amount_subtotal: 5175, amount_total: 6158, currency: "usd" });
  expect(entry).toMatchObject({
    _id: session.payment_intent,
    kind: "purchase",
    amount: parseCredits("50"),
    fee: parseCredits("1.75"),
    stripe: {
      checkout: session.id,
      total: parseCredits("61.58"),
      tax: [{ name: "VAT 19 %, Germany", amount: parseCredits("9.83") }],
      method: "Visa ending in 4242",
      billing: {
        name: "Mira GmbH",
        taxIds: ["DE123456789"],
        address: ["Friedrichstraße 100", "10117 Berlin", "DE"],
      },
    },
  });
  // The balance is written first.
  await expect.poll(() => lastPurchase(account)).toMatchObject({ status: "posted" });
});

test("each webhook twice, ten concurrently, in reversed order: credited once", async () => {
  const account = await createBuyer();
  const { events } = await cards.paidInSilence(account);
  expect(events.map((event) => event.type)).toEqual([
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
  ]);
  for (const event of [...events].reverse()) expect(await cards.send(event)).toBe(200);
  const completion = eventOf(events, "checkout.session.completed");
  const responses = await Promise.all(Array.from({ length: 10 }, () => cards.send(completion)));
  expect(responses).toEqual(Array.from({ length: 10 }, () => 200));
  for (const event of events) await cards.send(event);
  await untilCredits(account, "50");
  expect(await entriesOf(account)).toHaveLength(1);
});

test("webhooks after the account's deletion credit once, and restore no name or card", async () => {
  const account = await createBuyer();
  await cards.deliver(false);
  const before = (await cards.events()).length;
  await pressButton(await openCheckoutPage(account, "50", true), "pay", { name: "Mira GmbH" });
  const saving = await cards.setUpPage(account);
  await pressButton(saving, "pay");
  const events = await cards.eventsSince(before);
  await cards.deliver(true);
  await deleteAccount(account._id);
  expect(events.map((event) => event.type)).toContain("checkout.session.completed");
  for (const event of [...events, ...events]) expect(await cards.send(event)).toBe(200);
  const after = await findById(account._id);
  expect(after).toMatchObject({
    credits: parseCredits("50"),
    posted: parseCredits("50"),
    name: "",
  });
  expect(after).not.toHaveProperty("stripe");
  const entries = await entriesOf(account);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    kind: "purchase",
    amount: parseCredits("50"),
    stripe: { tax: expect.anything() },
  });
  expect(entries[0]?.stripe).not.toHaveProperty("billing");
  expect(await cards.mailsTo(account)).toEqual([]);
  expect(await auditProblems()).toEqual([]);
});

test("ten first deliveries at the same instant credit once", async () => {
  const account = await createBuyer();
  const { events } = await cards.paidInSilence(account);
  const completion = eventOf(events, "checkout.session.completed");
  await Promise.all(Array.from({ length: 10 }, () => cards.send(completion)));
  await untilCredits(account, "50");
  expect(await entriesOf(account)).toHaveLength(1);
});

test("a bad or missing signature, a changed body and an old timestamp are refused", async () => {
  const account = await createBuyer();
  const { events } = await cards.paidInSilence(account);
  const completion = eventOf(events, "checkout.session.completed");
  expect(await cards.send(completion, { secret: "whsec_other" })).toBe(400);
  expect(await cards.send(completion, { tamper: true })).toBe(400);
  expect(await cards.send(completion, { timestamp: Math.floor(Date.now() / 1000) - 600 })).toBe(
    400,
  );
  const bare = await fetch(`${cards.origin}/api/stripe/webhook`, {
    method: "POST",
    body: JSON.stringify(completion),
  });
  expect(bare.status).toBe(400);
  await pause();
  expect((await showAccount(account.email)).credits_nano).toBe(0);
  expect(await cards.send(completion)).toBe(200);
  await untilCredits(account, "50");
});

test("a body of 5 MB is 413, an unknown event type or another program's object 200 and ignored", async () => {
  const large = await fetch(`${cards.origin}/api/stripe/webhook`, {
    method: "POST",
    headers: { "stripe-signature": "t=1,v1=0" },
    body: new Uint8Array(5 * 1024 * 1024),
  });
  expect(large.status).toBe(413);
  expect(await large.json()).toEqual({ error: { message: "An event is at most 1 MiB." } });
  const event = {
    id: "evt_x",
    object: "event",
    type: "invoice.finalized",
    data: { object: { id: "in_1" } },
  };
  expect(await cards.send(event)).toBe(200);
  const otherEvent = {
    ...event,
    type: "checkout.session.completed",
    data: { object: { id: "cs_test_other" } },
  };
  expect(await cards.send(otherEvent)).toBe(200);
  const refund = {
    ...event,
    type: "charge.refunded",
    data: { object: { id: "ch_1", payment_intent: "pi_other" } },
  };
  expect(await cards.send(refund)).toBe(200);
});

test("a server without Stripe's settings answers 404 to its webhook", async () => {
  const response = await fetch(`${deployment.fast}/api/stripe/webhook`, {
    method: "POST",
    body: "{}",
  });
  expect(response.status).toBe(404);
});

test("a payment in another currency or amount is not credited, and the operator sees why", async () => {
  const changes: [Record<string, string>, Record<string, string>, RegExp][] = [
    [{ currency: "eur" }, { currency: "eur" }, /another currency/],
    [{ amount_subtotal: "500" }, {}, /amount that was ordered/],
    [{}, { amount_received: "100" }, /amount that was ordered/],
  ];
  for (const [ofSession, ofIntent, reason] of changes) {
    const account = await createBuyer();
    const { session, events } = await cards.paidInSilence(account);
    const intent = String(eventOf(events, "payment_intent.succeeded").data.object.id);
    await cards.control(`things/${session}`, ofSession);
    await cards.control(`things/${intent}`, ofIntent);
    expect(await cards.send(eventOf(events, "checkout.session.completed"))).toBe(200);
    await pollCardPayments(Date.now() + 3_600_000);
    expect((await showAccount(account.email)).credits_nano).toBe(0);
    expect(await lastPurchase(account)).toMatchObject({
      status: "attention",
      reason: expect.stringMatching(reason),
    });
    const { waiting } = (await onekey("payments", "attention")) as {
      waiting: { email: string; checkout: string }[];
    };
    expect(waiting).toContainEqual(
      expect.objectContaining({ email: account.email, checkout: session }),
    );
  }
});

test("a delayed payment is credited when it arrives, or refused with a reason", async () => {
  await cards.control("delay", { ms: "600000" });
  const [arrives, fails] = [await createBuyer(), await createBuyer()];
  const pages = [
    await openCheckoutPage(arrives, "25"),
    await openCheckoutPage(fails, "25"),
  ] as const;
  for (const page of pages) await pressButton(page, "delay");
  const under = async () =>
    [await lastPurchase(arrives), await lastPurchase(fails)].map(
      (purchase) => purchase?.processing,
    );
  await expect.poll(under).toEqual([true, true]);
  expect((await showAccount(arrives.email)).credits_nano).toBe(0);
  await cards.control(`sessions/${sessionOf(pages[0])}/arrive`, { paid: "true" });
  await cards.control(`sessions/${sessionOf(pages[1])}/arrive`, { paid: "false" });
  await untilCredits(arrives, "25");
  await expect
    .poll(() => lastPurchase(fails))
    .toMatchObject({
      status: "refused",
      reason: expect.stringMatching(/nothing was charged/),
    });
  expect((await showAccount(fails.email)).credits_nano).toBe(0);
});

test("declined, then paid on the same page is credited once; canceled credits nothing", async () => {
  const account = await createBuyer();
  const page = await openCheckoutPage(account, "10");
  expect(await pressButton(page, "decline")).toBeNull();
  await pause();
  expect((await showAccount(account.email)).credits_nano).toBe(0);
  await pressButton(page, "pay");
  await untilCredits(account, "10");
  const cancelPage = await openCheckoutPage(account, "10");
  expect(await pressButton(cancelPage, "cancel")).toContain("/dashboard/credits?cancelled=pur_");
  await cards.api.checkout.sessions.expire(sessionOf(cancelPage));
  await expect
    .poll(() => lastPurchase(account))
    .toMatchObject({
      status: "refused",
      reason: expect.stringMatching(/closed before/),
    });
  await untilCredits(account, "10");
});

test("a missing webhook is replaced by polling, and changes nothing if it comes late", async () => {
  const account = await createBuyer();
  const { events } = await cards.paidInSilence(account);
  expect((await showAccount(account.email)).credits_nano).toBe(0);
  await Promise.all([pollCardPayments(Date.now() + 60_000), pollCardPayments(Date.now() + 60_000)]);
  await untilCredits(account, "50");
  for (const event of events) expect(await cards.send(event)).toBe(200);
  await untilCredits(account, "50");
  expect(await entriesOf(account)).toHaveLength(1);
});

test("after all of this the books balance", async () => {
  expect(await auditProblems()).toEqual([]);
});
