"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { paymentState, type PaymentState } from "./payment-state";
import { turnOffTopUp, turnOnTopUp } from "@/lib/accounts/top-up";
import { requireAccount } from "@/lib/auth/session";
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

const PAGE = "/dashboard/credits";

/** What a form says when it did not go through: a message for a field, or under `form` for all of it. */
export type FormState = { errors: Partial<Record<string, string>>; saved?: boolean };

const Buy = z.object({ amount: PurchaseAmount, keepCard: z.literal("on").optional() });

/** Opens the payment page at Stripe for the amount that was typed. */
export async function buyCredits(_: FormState, form: FormData): Promise<FormState> {
  const account = await requireAccount(PAGE);
  const input = Buy.safeParse(Object.fromEntries(form));
  if (!input.success) return { errors: messages(input.error) };
  const { amount, keepCard } = input.data;
  return open(() => startCheckout({ account, amount, keepCard: keepCard === "on" }));
}

/** Opens the page at Stripe that saves a card without paying. */
export async function addCard(): Promise<FormState> {
  const account = await requireAccount(PAGE);
  return open(() => startCardSetup(account));
}

/** Opens the customer portal: cards and billing details. */
export async function openPortal(): Promise<FormState> {
  const account = await requireAccount(PAGE);
  return open(() => portalAddress({ account, back: `${env().nextauthUrl}${PAGE}` }));
}

const Threshold = dollarAmount({ min: 1_000_000_000, max: PURCHASE_MAX });
const Ceiling = dollarAmount({ min: PURCHASE_MIN, max: PURCHASE_MAX * 50 });
const TopUpForm = z.object({ threshold: Threshold, amount: PurchaseAmount, monthlyMax: Ceiling });

export async function saveTopUp(_: FormState, form: FormData): Promise<FormState> {
  const account = await requireAccount(PAGE);
  const input = TopUpForm.safeParse(Object.fromEntries(form));
  if (!input.success) return { errors: messages(input.error) };
  const { amount, monthlyMax } = input.data;
  const charge = amount + purchaseFee(amount);
  if (monthlyMax < charge)
    return {
      errors: { monthlyMax: `One top-up charges ${formatUsd(charge)}: the ceiling must allow it.` },
    };
  try {
    await turnOnTopUp({ accountId: account._id, ...input.data });
  } catch (error) {
    if (error instanceof AppError) return { errors: { form: error.message } };
    throw error;
  }
  revalidatePath(PAGE);
  return { errors: {}, saved: true };
}

export async function stopTopUp(): Promise<void> {
  const account = await requireAccount(PAGE);
  await turnOffTopUp(account._id);
  revalidatePath(PAGE);
}

/** Where a payment of this account is now; Stripe is asked while it is open, so that a slow webhook is no reason to wait. */
export async function followPayment(id: string): Promise<PaymentState | null> {
  const account = await requireAccount(PAGE);
  const before = await findOwnPurchase({ accountId: account._id, id: z.string().parse(id) });
  if (!before) return null;
  if (before.status === "open")
    await quietly(() => checkPayment({ purchase: before, now: Date.now() }));
  const purchase = (await findOwnPurchase({ accountId: account._id, id })) ?? before;
  return paymentState(purchase);
}

/** Keeps the card of a set-up page that its buyer came back from, when the webhook has not done so yet. */
export async function followCard(session: string): Promise<boolean> {
  const account = await requireAccount(PAGE);
  await quietly(() =>
    settleSetUpCard({ accountId: account._id, sessionId: z.string().max(200).parse(session) }),
  );
  revalidatePath(PAGE);
  return true;
}

/** Sends the browser to a page at Stripe; when there is none, says that nothing was charged. */
async function open(find: () => Promise<string>): Promise<FormState> {
  let address: string;
  try {
    address = await find();
  } catch (error) {
    if (error instanceof AppError) return { errors: { form: error.message } };
    log.error("checkout.failed", { error: errorName(error) });
    return {
      errors: { form: "Stripe could not be reached. Nothing was charged: try again in a minute." },
    };
  }
  redirect(address);
}

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn("payment.check.failed", { error: errorName(error) });
  }
}

function messages(error: z.ZodError): FormState["errors"] {
  return Object.fromEntries(
    error.issues.toReversed().map((issue) => [String(issue.path[0]), issue.message]),
  );
}
