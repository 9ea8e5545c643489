import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { listEntries } from "@/lib/ledger/queries";
import { parseCredits } from "@/lib/money";
import { catchUpEvents } from "@/lib/payments/cards/stripe-events";
import { auditProblems, showAccount } from "../support/shared-deployment";
import {
  createBuyer,
  eventOf,
  pause,
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

test("refunds apply by their ids, however often and in any order they are reported", async () => {
  const account = await createBuyer();
  const { events } = await cards.paidInSilence(account, "50");
  const intent = String(eventOf(events, "payment_intent.succeeded").data.object.id);
  const before = (await cards.events()).length;
  await cards.deliver(false);
  await cards.api.refunds.create({ payment_intent: intent, amount: 1035 });
  await cards.api.refunds.create({ payment_intent: intent, amount: 2070 });
  await cards.deliver(true);
  const refunds = await cards.eventsSince(before);
  expect(refunds.map((event) => event.type)).toEqual([
    "refund.created",
    "charge.refunded",
    "refund.created",
    "charge.refunded",
  ]);
  // The refunds arrive first, the newest before the oldest, and the payment itself last.
  for (const event of [...refunds].reverse()) expect(await cards.send(event)).toBe(200);
  await Promise.all([...refunds, ...refunds, ...events].map((event) => cards.send(event)));
  // $10.35 and $20.70 of the $51.75 that were paid for 50 credits.
  await untilCredits(account, "20");
  expect((await listEntries(account._id)).map((entry) => entry.kind).sort()).toEqual([
    "purchase",
    "refund",
    "refund",
  ]);
  await cards.api.refunds.create({ payment_intent: intent });
  await untilCredits(account, "0");
});

test("a refund and a dispute whose events never came are caught up from Stripe's list", async () => {
  const [refundBuyer, disputeBuyer] = [await createBuyer(), await createBuyer()];
  for (const account of [refundBuyer, disputeBuyer]) {
    const { events } = await cards.paidInSilence(account, "50");
    for (const event of events) await cards.send(event);
    await untilCredits(account, "50");
    await cards.deliver(false);
    const intent = String(eventOf(events, "payment_intent.succeeded").data.object.id);
    if (account === refundBuyer)
      await cards.api.refunds.create({ payment_intent: intent, amount: 2070 });
    else await cards.control("disputes", { payment_intent: intent });
    await cards.deliver(true);
    expect((await showAccount(account.email)).credits_nano).toBe(parseCredits("50"));
  }
  await Promise.all([catchUpEvents(), catchUpEvents()]);
  await untilCredits(refundBuyer, "30");
  await untilCredits(disputeBuyer, "0");
});

test("a refund that fails is given back", async () => {
  const account = await createBuyer();
  const { events } = await cards.paidInSilence(account, "50");
  for (const event of events) await cards.send(event);
  const intent = String(eventOf(events, "payment_intent.succeeded").data.object.id);
  const refund = await cards.api.refunds.create({ payment_intent: intent });
  await untilCredits(account, "0");
  await cards.control(`refunds/${refund.id}/fail`, {});
  await untilCredits(account, "50");
});

test("refunds and disputes never exceed the purchase; a won dispute returns its own part", async () => {
  const account = await createBuyer("7");
  const { events } = await cards.paidInSilence(account, "50");
  for (const event of events) await cards.send(event);
  await untilCredits(account, "57");
  const intent = String(eventOf(events, "payment_intent.succeeded").data.object.id);
  const { id: dispute } = (await cards.control("disputes", { payment_intent: intent })) as {
    id: string;
  };
  await untilCredits(account, "7");
  await cards.api.refunds.create({ payment_intent: intent, amount: 2070 });
  await pause();
  await untilCredits(account, "7");
  await cards.control(`disputes/${dispute}/win`, {});
  await untilCredits(account, "37");
  const all = (await cards.events()).filter((event) => event.data.object.payment_intent === intent);
  await Promise.all([...all, ...all].map((event) => cards.send(event)));
  await untilCredits(account, "37");
});

test("after all of this the books balance", async () => {
  expect(await auditProblems()).toEqual([]);
});
