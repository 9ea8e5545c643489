"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { Account } from "@/lib/accounts/schema";
import { changesBetween } from "@/lib/audit-log/changes";
import { dashboardPath } from "@/lib/auth/member";
import { turnOffTopUp, turnOnTopUp } from "@/lib/accounts/top-up";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { formatUsd } from "@/lib/format";
import { errorName, log } from "@/lib/log";
import { checkPayment } from "@/lib/payments/cards/check-payment";
import { startCardSetup, startCheckout } from "@/lib/payments/cards/checkout";
import { portalAddress } from "@/lib/payments/cards/customer";
import { purchaseFee } from "@/lib/payments/fee";
import {
  dollarAmount,
  PURCHASE_MAX,
  PURCHASE_MIN,
  PurchaseAmount,
} from "@/lib/payments/purchase-amount";
import { settleSetUpCard } from "@/lib/payments/cards/settle-checkout";
import { findOwnPurchase } from "@/lib/purchases/queries";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
import { may } from "../may";
import { paymentState, type PaymentState } from "./payment-state";

const PAGE = "/dashboard/credits";

const authorize = may("credits:manage", PAGE);
const CardPurchase = z.object({ amount: PurchaseAmount, keepCard: z.literal("on").optional() });
const NoFields = z.object({});

/** Opens Stripe's payment page for the entered amount. */
export const buyCreditsAction = formAction({
  schema: CardPurchase,
  authorize,
  run: (member, { amount, keepCard }) =>
    openStripePage(() =>
      auditedByPerson(member, "credits.purchase_started", async (note) => {
        note({ changes: changesBetween({}, { amount }) });
        return startCheckout({ ...member, amount, keepCard: keepCard === "on" });
      }),
    ),
});

/** Opens the page at Stripe that saves a card without paying. */
export const addCardAction = formAction({
  schema: NoFields,
  authorize,
  run: (member) => openStripePage(() => startCardSetup(member)),
});

/** Opens the customer portal: cards and billing details. */
export const openPortalAction = formAction({
  schema: NoFields,
  authorize,
  run: (member) =>
    openStripePage(async () =>
      portalAddress({ ...member, back: `${env().nextauthUrl}${await dashboardPath(PAGE)}` }),
    ),
});

const TopUpForm = z.object({
  threshold: dollarAmount({ min: 1_000_000_000, max: PURCHASE_MAX }),
  amount: PurchaseAmount,
  monthlyMax: dollarAmount({ min: PURCHASE_MIN, max: PURCHASE_MAX * 50 }),
});

export const saveTopUpAction = formAction({
  schema: TopUpForm,
  authorize,
  run: async (member, input) => {
    const { account } = member;
    const charge = input.amount + purchaseFee(input.amount);
    if (input.monthlyMax < charge)
      throw new AppError(
        "bad_request",
        `One top-up charges ${formatUsd(charge)}. Set a monthly maximum of at least that.`,
        { param: "monthlyMax" },
      );
    await auditedByPerson(member, "top_up.changed", async (note) => {
      await turnOnTopUp({ accountId: account._id, ...input });
      note({ changes: changesBetween(topUpOf(account), input) });
    });
    revalidatePath(PAGE);
    return {};
  },
});

export async function stopTopUpAction(): Promise<void> {
  const member = await authorize();
  const { account } = member;
  await auditedByPerson(member, "top_up.changed", async (note) => {
    await turnOffTopUp(account._id);
    note({ changes: changesBetween(topUpOf(account), {}) });
  });
  revalidatePath(PAGE);
}

/** The settings of automatic top-up, as an entry of the audit log compares them. */
function topUpOf({ topUp }: Account) {
  if (!topUp?.on) return {};
  const { threshold, amount, monthlyMax } = topUp;
  return { threshold, amount, monthlyMax };
}

/**
 * The state of a payment of this account. Queries Stripe while it is open, so that the buyer does not wait for a slow
 * webhook.
 */
export async function followPayment(id: string): Promise<PaymentState | null> {
  const { account } = await authorize();
  const before = await findOwnPurchase({ accountId: account._id, id: z.string().parse(id) });
  if (!before) return null;
  if (before.status === "open")
    await quietly(() => checkPayment({ purchase: before, now: Date.now() }));
  const purchase = (await findOwnPurchase({ accountId: account._id, id })) ?? before;
  return paymentState(purchase);
}

/** Saves the card of a completed setup page, unless the webhook has already saved it. */
export async function followCard(session: string): Promise<boolean> {
  const { account } = await authorize();
  await quietly(() =>
    settleSetUpCard({ accountId: account._id, sessionId: z.string().max(200).parse(session) }),
  );
  revalidatePath(PAGE);
  return true;
}

/** Redirects to a page at Stripe. When Stripe is unreachable, the error says that nothing was charged. */
async function openStripePage(createPage: () => Promise<string>): Promise<never> {
  const address = await createPage().catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    log.error("checkout.failed", { error: errorName(error) });
    throw new AppError(
      "unavailable",
      "Stripe could not be reached. Nothing was charged. Try again in a minute.",
    );
  });
  redirect(address);
}

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn("payment.check.failed", { error: errorName(error) });
  }
}
