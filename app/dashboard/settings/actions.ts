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

/** What a form says after it was sent. */
export type FormState = { error?: string; saved?: string };

const PAGE = "/dashboard/settings";
const text = z.string().catch("");
const Profile = z.object({ name: text });
const Alert = z.object({ on: z.literal("on").optional().catch(undefined), threshold: text });
const OneSession = z.object({ sessionId: text });
const Deletion = z.object({ confirm: text });

export async function saveProfile(_: FormState, form: FormData): Promise<FormState> {
  const { _id: accountId } = await requireAccount(PAGE);
  const { name } = Profile.parse(Object.fromEntries(form));
  return saving("Saved.", () => renameAccount({ accountId, name }));
}

export async function saveAlert(_: FormState, form: FormData): Promise<FormState> {
  const { _id: accountId } = await requireAccount(PAGE);
  const { on, threshold } = Alert.parse(Object.fromEntries(form));
  if (on === undefined)
    return saving("Saved: no mail is sent.", () => setAlert({ accountId, threshold: null }));
  return saving("Saved.", () => setAlert({ accountId, threshold: amountOf(threshold) }));
}

/** Ends one session. Another account's is as missing as one that never was. */
export async function signOutSession(form: FormData): Promise<void> {
  const current = await currentSession();
  const { _id: accountId } = await requireAccount(PAGE);
  const { sessionId } = OneSession.parse(Object.fromEntries(form));
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

export async function removeAccount(_: FormState, form: FormData): Promise<FormState> {
  const { _id: accountId, email } = await requireAccount(PAGE);
  const { confirm } = Deletion.parse(Object.fromEntries(form));
  if (confirm.trim().toLowerCase() !== email)
    return { error: `Type ${email} to confirm. Nothing was deleted.` };
  await deleteAccount(accountId);
  await dropSessionCookie();
  redirect("/account-deleted");
}

async function saving(saved: string, save: () => Promise<void>): Promise<FormState> {
  try {
    await save();
  } catch (error) {
    if (error instanceof AppError) return { error: error.message };
    throw error;
  }
  revalidatePath(PAGE);
  return { saved };
}

function amountOf(given: string): number {
  try {
    return parseCredits(given.replaceAll(/[\s$,]/g, ""));
  } catch (error) {
    throw new AppError("bad_request", "Give an amount in dollars, such as 5.00.", {
      param: "threshold",
      cause: error,
    });
  }
}
