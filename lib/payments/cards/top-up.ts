import { eachWithTopUp } from "@/lib/accounts/queries";
import { balanceOf, type Account, type TopUp } from "@/lib/accounts/schema";
import { claimTopUp, endTopUp, stopTopUp, totalOf } from "@/lib/accounts/top-up";
import { monthOf } from "@/lib/accounts/windows";
import { newId } from "@/lib/ids";
import { errorName, log } from "@/lib/log";
import { nextCheck, notePurchase, openPurchase } from "@/lib/purchases/open";
import { findPurchase } from "@/lib/purchases/queries";
import type { Purchase } from "@/lib/purchases/schema";
import { purchaseFee } from "../fee";
import { declineReason, failTopUp, settleTopUp } from "./settle-top-up";
import {
  cardsConfigured,
  CURRENCY,
  fromCents,
  stripe,
  stripeError,
  stripeSettings,
  toCents,
} from "./stripe-client";

type PendingTopUp = NonNullable<TopUp["pending"]>;

/** Stripe forgets an idempotency key after a day. */
const KEY_LIVES_MS = 23 * 3_600_000;

/** Charges the saved card of every account that is below its threshold, and continues what a crash interrupted. */
export async function runTopUps(now = Date.now()): Promise<void> {
  if (!cardsConfigured()) return;
  for await (const account of eachWithTopUp()) {
    try {
      const pending = account.topUp?.pending ?? (await claim({ account, now }));
      if (pending) await charge({ account, pending, now });
    } catch (error) {
      // Tried again with the same idempotency key: a charge that was made is found, not made twice.
      log.error("top-up.failed", { accountId: account._id, error: errorName(error) });
    }
  }
}

async function claim({
  account,
  now,
}: {
  account: Account;
  now: number;
}): Promise<PendingTopUp | null> {
  const { topUp, stripe: customer } = account;
  if (!topUp?.on || !customer?.card || balanceOf(account) >= topUp.threshold) return null;
  const { amount } = topUp;
  const fee = purchaseFee(amount);
  const monthTotal = topUp.month.at === monthOf(now) ? topUp.month.charged : 0;
  const state = `${account._id} ${topUp.month.at} ${monthTotal} ${amount} ${topUp.monthlyMax}`;
  if (monthTotal + amount + fee > topUp.monthlyMax || full.has(state)) return null;
  const taxLines = await taxOn({ amount, fee, customer: customer.customer });
  if (taxLines === null) {
    await stopForTax(account);
    return null;
  }
  const { tax, calculation } = taxLines;
  const pending: PendingTopUp = {
    purchase: newId("pur"),
    at: now,
    amount,
    fee,
    tax,
    ...(calculation === undefined ? {} : { calculation }),
    paymentMethod: customer.card.paymentMethod,
  };
  if (monthTotal + totalOf(pending) > topUp.monthlyMax) {
    if (full.size >= FULL_MAX) full.clear();
    full.add(state);
    return null;
  }
  return (await claimTopUp({ account, pending, now })) ? pending : null;
}

/** The states of accounts whose ceiling only the tax exceeds, so that Stripe is not asked for it at every turn. */
const full = new Set<string>();
const FULL_MAX = 10_000;

async function stopForTax(account: Account): Promise<void> {
  const reason =
    "The tax could not be worked out: add your billing address, then turn it on again.";
  await stopTopUp({ accountId: account._id, reason });
}

/** What Stripe Tax adds to a charge that no Checkout page works it out for; null when it lacks the buyer's address. */
async function taxOn(input: { amount: number; fee: number; customer: string }) {
  const { amount, fee, customer } = input;
  if (!stripeSettings().tax) return { tax: [], calculation: undefined };
  const lines = [
    { reference: "credits", amount: toCents(amount) },
    { reference: "fee", amount: toCents(fee) },
  ];
  const calculation = await stripe()
    .tax.calculations.create({
      currency: CURRENCY,
      customer,
      line_items: lines
        .filter((line) => line.amount > 0)
        .map((line) => ({ ...line, tax_behavior: "exclusive" })),
    })
    .catch((error: unknown) => {
      if (stripeError(error, "StripeInvalidRequestError")) return null;
      throw error;
    });
  if (calculation === null) return null;
  const tax = calculation.tax_breakdown.map(({ amount: cents, tax_rate_details: rate }) => ({
    name: `${(rate.tax_type ?? "tax").replaceAll("_", " ").toUpperCase()} ${Number(rate.percentage_decimal)} %`,
    amount: fromCents(cents),
  }));
  return { tax: tax.filter((line) => line.amount > 0), calculation: calculation.id ?? undefined };
}

async function charge({
  account,
  pending,
  now,
}: {
  account: Account;
  pending: PendingTopUp;
  now: number;
}): Promise<void> {
  const purchase: Purchase = {
    _id: pending.purchase,
    kind: "top-up",
    status: "open",
    accountId: account._id,
    amount: pending.amount,
    fee: pending.fee,
    tax: pending.tax,
    createdAt: new Date(pending.at),
    checkAt: nextCheck({ now, checks: 0 }),
    checks: 0,
  };
  const before = await findPurchase(purchase._id);
  if (before === null) await openPurchase(purchase);
  else if (before.status !== "open") {
    // A crash came between the end of the purchase and the end of the charge.
    if (before.status === "posted") await endTopUp({ accountId: account._id, pending });
    else await failTopUp({ purchase, reason: before.reason ?? "The payment failed." });
    return;
  }
  const earlierIntent = before?.kind === "top-up" ? before.paymentIntent : undefined;
  const intentId = earlierIntent ?? (await findOrCharge({ account, pending, purchase, now }));
  if (intentId === null) return;
  await notePurchase({ id: purchase._id, paymentIntent: intentId });
  await settleTopUp({ purchase, intentId });
}

async function findOrCharge(input: {
  account: Account;
  pending: PendingTopUp;
  purchase: Purchase;
  now: number;
}): Promise<string | null> {
  const { account, pending, purchase, now } = input;
  const customer = account.stripe?.customer;
  if (customer === undefined) return null;
  if (now - pending.at > KEY_LIVES_MS) {
    const createdRange = { gte: Math.floor(pending.at / 1000) - 60 };
    for await (const intent of stripe().paymentIntents.list({
      customer,
      created: createdRange,
      limit: 100,
    }))
      if (intent.metadata.purchase === purchase._id) return intent.id;
    await failTopUp({ purchase, reason: "Stripe could not be reached for a day." });
    return null;
  }
  try {
    const intent = await stripe().paymentIntents.create(
      {
        amount: toCents(totalOf(pending)),
        currency: CURRENCY,
        customer,
        payment_method: pending.paymentMethod,
        off_session: true,
        confirm: true,
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
        description: "OneKey credits, automatic top-up",
        metadata: { purchase: purchase._id, account: account._id },
        ...(pending.calculation
          ? { hooks: { inputs: { tax: { calculation: pending.calculation } } } }
          : {}),
      },
      { idempotencyKey: purchase._id },
    );
    return intent.id;
  } catch (error) {
    const cardError = stripeError(error, "StripeCardError");
    if (cardError) {
      if (cardError.payment_intent) return cardError.payment_intent.id;
      await failTopUp({ purchase, reason: declineReason(cardError) });
      return null;
    }
    const requestError = stripeError(error, "StripeInvalidRequestError");
    if (requestError && !IN_PROGRESS.has(requestError.code ?? "")) {
      await failTopUp({ purchase, reason: "The saved card can no longer be charged." });
      return null;
    }
    throw error;
  }
}

/** Another request with this key is being worked on. */
const IN_PROGRESS = new Set(["idempotency_key_in_use", "lock_timeout"]);
