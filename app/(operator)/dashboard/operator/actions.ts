"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formAction } from "@/app/dashboard/form-action";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { requireOperatorAction } from "@/lib/auth/operator";
import { liftAccount, suspendAccount } from "@/lib/auth/suspension";
import { AppError } from "@/lib/errors";
import { NANO_PER_CREDIT, parseCredits } from "@/lib/money";
import { ActionReason } from "@/lib/operator-actions/schema";
import { assignTransfer } from "@/lib/payments/chain/attention";
import { grantCredits } from "@/lib/payments/grant";

const GRANT_MAX = 10_000 * NANO_PER_CREDIT;
const AMOUNT_ERROR = "Enter an amount in dollars above 0 and up to 10,000, such as 5.00.";
const ACCOUNT_ERROR = "Enter the account’s email address or id.";

const GrantAmount = z.string(AMOUNT_ERROR).transform((text, context) => {
  const amount = parseAmount(text);
  if (amount !== null && amount > 0 && amount <= GRANT_MAX) return amount;
  context.addIssue({ code: "custom", message: AMOUNT_ERROR });
  return z.NEVER;
});
const AccountId = z.string().max(64);
const CreditGrant = z.object({
  /** Created with the page, so that submitting the form twice grants once. */
  grant: z
    .string()
    .regex(/^grt_[0-9A-Za-z]{22}$/, "Nothing was granted. Reload the page and try again."),
  accountId: AccountId,
  amount: GrantAmount,
  reason: ActionReason,
});
const Suspension = z.object({ accountId: AccountId, reason: ActionReason });
const Assignment = z.object({
  transfer: z.string().max(200),
  account: z.string(ACCOUNT_ERROR).trim().min(1, ACCOUNT_ERROR).max(254),
});

export const grantAction = formAction({
  schema: CreditGrant,
  authorize: requireOperatorAction,
  run: async (operator, { grant: id, ...input }) => {
    const { amount } = await grantCredits({ id, ...input, operator: operator._id });
    refreshOperatorPages();
    return { amount };
  },
});

export const suspendAction = formAction({
  schema: Suspension,
  authorize: requireOperatorAction,
  run: async (operator, input) => {
    if (input.accountId === operator._id)
      throw new AppError(
        "bad_request",
        "This is your own account. Another operator can suspend it.",
      );
    await suspendAccount({ ...input, operator: operator._id });
    refreshOperatorPages();
    return {};
  },
});

export const liftAction = formAction({
  schema: Suspension,
  authorize: requireOperatorAction,
  run: async (operator, input) => {
    await liftAccount({ ...input, operator: operator._id });
    refreshOperatorPages();
    return {};
  },
});

/** Credits a transfer from an unknown sender to the account that the operator names. */
export const assignAction = formAction({
  schema: Assignment,
  authorize: requireOperatorAction,
  run: async (operator, { transfer: id, account: emailOrId }) => {
    const account = (await findByEmail(emailOrId)) ?? (await findById(emailOrId));
    if (account === null || account.erasedAt !== undefined)
      throw new AppError("bad_request", "There is no account with that address or id.", {
        param: "account",
      });
    await assignTransfer({ id, accountId: account._id, operator: operator._id });
    refreshOperatorPages();
    return {};
  },
});

function parseAmount(text: string): number | null {
  try {
    return parseCredits(text.replaceAll(/[\s$,]/g, ""));
  } catch {
    return null;
  }
}

const refreshOperatorPages = () => revalidatePath("/dashboard/operator", "layout");
