"use server";

import { revalidatePath } from "next/cache";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { renameAccount, setAlert } from "@/lib/accounts/settings";
import { deleteAccount } from "@/lib/auth/delete-account";
import { currentSession, dropSessionCookie, requireAccount } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { parseCredits } from "@/lib/money";
import { endAllSessions, endSession } from "@/lib/sessions/end";
import { formAction } from "../form-action";

const PAGE = "/dashboard/settings";
const text = z.string().catch("");
const Profile = z.object({ name: text });
const AlertForm = z.object({ on: z.literal("on").optional().catch(undefined), threshold: text });
const SessionTarget = z.object({ sessionId: text });
const Deletion = z.object({ confirm: text });
const authorize = () => requireAccount(PAGE);

export const saveProfileAction = formAction({
  schema: Profile,
  authorize,
  run: async ({ _id: accountId }, { name }) => {
    await renameAccount({ accountId, name });
    revalidatePath(PAGE);
    return { notice: "Saved." };
  },
});

export const saveAlertAction = formAction({
  schema: AlertForm,
  authorize,
  run: async ({ _id: accountId }, { on, threshold }) => {
    await setAlert({ accountId, threshold: on === undefined ? null : amountOf(threshold) });
    revalidatePath(PAGE);
    return { notice: on === undefined ? "Saved. No email is sent." : "Saved." };
  },
});

/** Ends one session. Another account's session is the same 404 as a missing one. */
export async function signOutSession(form: FormData): Promise<void> {
  const current = await currentSession();
  const { _id: accountId } = await requireAccount(PAGE);
  const { sessionId } = SessionTarget.parse(Object.fromEntries(form));
  if (!(await endSession({ accountId, sessionId }))) notFound();
  if (sessionId === current?.sessionId) {
    await dropSessionCookie();
    redirect("/sign-in");
  }
  revalidatePath(PAGE);
}

export async function signOutEverywhere(): Promise<void> {
  const { _id: accountId } = await requireAccount(PAGE);
  await endAllSessions(accountId);
  await dropSessionCookie();
  redirect("/sign-in");
}

export const deleteAccountAction = formAction({
  schema: Deletion,
  authorize,
  run: async ({ _id: accountId, email }, { confirm }) => {
    if (confirm.trim().toLowerCase() !== email)
      throw new AppError("bad_request", `Type ${email} to confirm. Nothing was deleted.`, {
        param: "confirm",
      });
    await deleteAccount(accountId);
    await dropSessionCookie();
    redirect("/account-deleted");
  },
});

function amountOf(input: string): number {
  try {
    return parseCredits(input.replaceAll(/[\s$,]/g, ""));
  } catch (error) {
    throw new AppError("bad_request", "Enter an amount in dollars, such as 5.00.", {
      param: "threshold",
      cause: error,
    });
  }
}
