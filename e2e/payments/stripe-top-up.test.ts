import { afterAll, beforeAll, expect, test } from "vitest";
import { turnOffTopUp, turnOnTopUp } from "@/lib/accounts/top-up";
import type { Account } from "@/lib/accounts/schema";
import { closeDatabase } from "@/lib/db/client";
import { listEntries } from "@/lib/ledger/queries";
import { post } from "@/lib/ledger/post";
import { parseCredits } from "@/lib/money";
import { mailDueReceipts, mailDueStops } from "@/lib/payments/due-mails";
import { runTopUps } from "@/lib/payments/cards/top-up";
import { auditProblems, showAccount } from "../support/shared-deployment";
import {
  createBuyer,
  openCheckoutPage,
  pause,
  pressButton,
  reloadAccount,
  startCardDeployment,
  untilCredits,
  type CardDeployment,
} from "./stripe-deployment";

let cards: CardDeployment;
beforeAll(async () => {
  cards = await startCardDeployment({ server: false });
});
afterAll(async () => {
  await cards.close();
  await closeDatabase();
});

const settings = {
  threshold: parseCredits("5"),
  amount: parseCredits("20"),
  monthlyMax: parseCredits("50"),
};
const charges = async (account: Account) => {
  const customer = (await reloadAccount(account)).stripe?.customer ?? "";
  return (await cards.api.paymentIntents.list({ customer })).data;
};
let amountSpent = 0;
/** Takes credits away, as usage would. */
const spend = (account: Account, credits: string) =>
  post({
    sourceId: `grt_spent${++amountSpent}`,
    accountId: account._id,
    kind: "grant",
    amount: -parseCredits(credits),
  });

/** An account with a saved card and automatic top-up on, whose balance is above the threshold. */
async function ready(card = "4242", country = "US"): Promise<Account> {
  const account = await createBuyer("10");
  await pressButton(await cards.setUpPage(account), "pay", { card, country });
  await cards.settleSetUp(account);
  expect((await reloadAccount(account)).stripe?.card).toMatchObject({ brand: "Visa", last4: card });
  await turnOnTopUp({ accountId: account._id, ...settings });
  return account;
}

test("it is off until it is turned on, and cannot be without a saved card", async () => {
  const account = await createBuyer("1");
  await runTopUps();
  expect(await listEntries(account._id)).toHaveLength(1);
  await expect(turnOnTopUp({ accountId: account._id, ...settings })).rejects.toThrow(
    /needs a saved card/,
  );
  expect((await reloadAccount(account)).topUp).toBeUndefined();
});

test("below the threshold the card is charged once, however many look concurrently", async () => {
  const account = await ready();
  await runTopUps();
  expect(await charges(account)).toHaveLength(0);
  await spend(account, "6");
  await Promise.all(Array.from({ length: 8 }, () => runTopUps()));
  await untilCredits(account, "24");
  expect(await charges(account)).toMatchObject([{ status: "succeeded", amount: 2088 }]);
  const entry = (await listEntries(account._id)).find(({ kind }) => kind === "purchase");
  expect(entry).toMatchObject({
    fee: parseCredits("0.88"),
    stripe: { automatic: true, method: "Visa ending in 4242" },
  });
  await turnOffTopUp(account._id);
});

test("with tax, the charge and the receipt have its line", async () => {
  const account = await ready("4242", "DE");
  await spend(account, "6");
  await runTopUps();
  await untilCredits(account, "24");
  const entry = (await listEntries(account._id)).find(({ kind }) => kind === "purchase");
  expect(entry?.stripe).toMatchObject({
    total: parseCredits("24.85"),
    tax: [{ name: "VAT 19 %", amount: parseCredits("3.97") }],
    billing: { name: "Mira Example", address: ["Friedrichstraße 100", "10117 Berlin", "DE"] },
  });
  await turnOffTopUp(account._id);
});

test("the monthly ceiling holds", async () => {
  const account = await ready();
  for (let round = 0; round < 4; round++) {
    const { credits_nano: remaining } = await showAccount(account.email);
    await post({
      sourceId: `grt_empty${account._id}${round}`,
      accountId: account._id,
      kind: "grant",
      amount: -remaining,
    });
    await runTopUps();
  }
  // Two of $20.88; a third would make $62.64 of $50.00.
  expect(await charges(account)).toHaveLength(2);
  expect((await reloadAccount(account)).topUp).toMatchObject({
    on: true,
    month: { charged: parseCredits("41.76") },
  });
  await turnOffTopUp(account._id);
});

test.each([
  ["0341", /declined/],
  ["3184", /asks you to confirm/],
])(
  "after a failed charge with card %s it is off, says why, and does not try again",
  async (card, reason) => {
    const account = await ready(card);
    await spend(account, "6");
    await Promise.all([runTopUps(), runTopUps(), runTopUps()]);
    await runTopUps();
    const { topUp, credits } = await reloadAccount(account);
    expect(topUp).toMatchObject({
      on: false,
      stopped: { reason: expect.stringMatching(reason) },
      month: { charged: 0 },
    });
    expect(topUp?.pending).toBeUndefined();
    expect(credits).toBe(parseCredits("4"));
    expect(await charges(account)).toMatchObject([{ status: "canceled" }]);
    await Promise.all([mailDueStops(), mailDueStops(), mailDueStops()]);
    await mailDueStops(Date.now() + 600_000);
    expect(await cards.mailsTo(account)).toEqual([
      "Automatic top-up is off: the card was not charged",
    ]);
  },
);

test("a card that was removed at Stripe stops it", async () => {
  const account = await ready();
  const card = (await reloadAccount(account)).stripe?.card?.paymentMethod ?? "";
  await cards.control(`things/${card}`, { customer: "" });
  await spend(account, "6");
  await runTopUps();
  const { topUp } = await reloadAccount(account);
  expect(topUp).toMatchObject({
    on: false,
    stopped: { reason: expect.stringMatching(/no longer be charged/) },
  });
});

test("a second charge that fails stops it too, and each has its own mail", async () => {
  const account = await ready();
  await spend(account, "6");
  await runTopUps();
  await Promise.all([mailDueReceipts(), mailDueReceipts()]);
  const card = (await reloadAccount(account)).stripe?.card?.paymentMethod ?? "";
  await cards.control(`things/${card}`, { customer: "" });
  await spend(account, "20");
  await runTopUps();
  await mailDueStops();
  expect(await cards.mailsTo(account)).toEqual([
    "Automatic top-up is off: the card was not charged",
    "Receipt for $20.00 of OneKey credits",
  ]);
  expect((await reloadAccount(account)).topUp).toMatchObject({
    on: false,
    month: { charged: parseCredits("20.88") },
  });
});

test("while Stripe is unavailable nothing is lost: the same charge is tried again", async () => {
  const account = await ready();
  await spend(account, "6");
  await cards.down(true);
  await runTopUps();
  await cards.down(false);
  await runTopUps();
  await untilCredits(account, "24");
  expect((await charges(account)).filter(({ status }) => status === "succeeded")).toHaveLength(1);
  await turnOffTopUp(account._id);
});

test("a purchase whose page keeps the card makes it the saved one", async () => {
  const account = await createBuyer();
  const page = await openCheckoutPage(account, "25", true);
  await pressButton(page, "pay");
  await cards.settle(page);
  await untilCredits(account, "25");
  await expect
    .poll(async () => (await reloadAccount(account)).stripe?.card)
    .toMatchObject({
      last4: "4242",
      expires: "12/2030",
    });
  await pause(100);
});

test("after all of this the books balance", async () => {
  expect(await auditProblems()).toEqual([]);
});
