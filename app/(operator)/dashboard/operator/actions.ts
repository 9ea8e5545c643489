"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { answer } from "@/app/dashboard/form-action";
import type { FormState } from "@/components/dashboard/form-state";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { ActionReason } from "@/lib/operator-actions/schema";
import { requireOperatorAct } from "@/lib/auth/operator";
import { liftAccount, suspendAccount } from "@/lib/auth/suspension";
import { AppError } from "@/lib/errors";
import { NANO_PER_CREDIT, parseCredits } from "@/lib/money";
import { assignTransfer } from "@/lib/payments/chain/attention";
import { grantCredits } from "@/lib/payments/grant";

const GRANT_MAX = 10_000 * NANO_PER_CREDIT;
const WRONG_AMOUNT = "Give an amount in dollars above 0 and up to 10,000, such as 5.00.";

const Amount = z.string(WRONG_AMOUNT).transform((text, context) => {
  try {
    const amount = parseCredits(text.replaceAll(/[\s$,]/g, ""));
    if (amount > 0 && amount <= GRANT_MAX) return amount;
  } catch {
    // No amount at all: the same answer.
  }
  context.addIssue({ code: "custom", message: WRONG_AMOUNT });
  return z.NEVER;
});
const AccountId = z.string().max(64);
const Grant = z.object({
  /** Made with the page, so that a form that is sent twice grants once. */
  grant: z.string().regex(/^grt_[0-9A-Za-z]{22}$/, "Load the page anew."),
  accountId: AccountId,
  amount: Amount,
  reason: ActionReason,
});
const Suspension = z.object({ accountId: AccountId, reason: ActionReason });
const Assignment = z.object({
  transfer: z.string().max(200),
  account: z
    .string("Give the account’s address or id.")
    .trim()
    .min(1, "Give the account’s address or id.")
    .max(254),
});

export async function grant(
  _: FormState<{ amount: number }>,
  form: FormData,
): Promise<FormState<{ amount: number }>> {
  const operator = await requireOperatorAct();
  return answer(Grant, form, async ({ grant: id, ...input }) => {
    const { amount } = await grantCredits({ id, ...input, operator: operator._id });
    refresh();
    return { amount };
  });
}

export async function suspend(_: FormState, form: FormData): Promise<FormState> {
  const operator = await requireOperatorAct();
  return answer(Suspension, form, async (input) => {
    if (input.accountId === operator._id)
      throw new AppError(
        "bad_request",
        "This is your own account: another operator can suspend it.",
      );
    await suspendAccount({ ...input, operator: operator._id });
    refresh();
    return {};
  });
}

export async function lift(_: FormState, form: FormData): Promise<FormState> {
  const operator = await requireOperatorAct();
  return answer(Suspension, form, async (input) => {
    await liftAccount({ ...input, operator: operator._id });
    refresh();
    return {};
  });
}

/** Credits a transfer from an unknown sender to the account that the operator names. */
export async function assign(_: FormState, form: FormData): Promise<FormState> {
  const operator = await requireOperatorAct();
  return answer(Assignment, form, async ({ transfer: id, account: named }) => {
    const account = (await findByEmail(named)) ?? (await findById(named));
    if (account === null || account.erasedAt !== undefined)
      throw new AppError("bad_request", "There is no account with that address or id.", {
        param: "account",
      });
    await assignTransfer({ id, accountId: account._id, operator: operator._id });
    refresh();
    return {};
  });
}

const refresh = () => revalidatePath("/dashboard/operator", "layout");
