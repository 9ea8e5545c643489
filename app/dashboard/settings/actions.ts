"use server";

import { revalidatePath } from "next/cache";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { renameAccount, setAlert } from "@/lib/accounts/settings";
import { deleteAccount } from "@/lib/auth/delete-account";
import { currentSession, dropSessionCookie, requireAccount } from "@/lib/auth/session";
import { changesBetween } from "@/lib/audit-log/changes";
import { AppError } from "@/lib/errors";
import { parseCredits } from "@/lib/money";
import { unlinkMethod } from "@/lib/accounts/methods";
import { LinkedMethod } from "@/lib/accounts/schema";
import { mailUnlinked } from "@/lib/auth/unlinked-mail";
import { emailConfigured } from "@/lib/email/send";
import { errorName, log } from "@/lib/log";
import { endAllSessions, endSession, endSessionsBy } from "@/lib/sessions/end";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
import { methodNames } from "./method-names";

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
  run: async (account, { name }) => {
    await auditedByPerson(account, "profile.changed", async (note) => {
      await renameAccount({ accountId: account._id, name });
      note({ changes: changesBetween({ name: account.name }, { name: name.trim() }) });
    });
    revalidatePath(PAGE);
    return { notice: "Saved." };
  },
});

export const saveAlertAction = formAction({
  schema: AlertForm,
  authorize,
  run: async (account, { on, threshold }) => {
    const next = on === undefined ? null : amountOf(threshold);
    await auditedByPerson(account, "alert.changed", async (note) => {
      await setAlert({ accountId: account._id, threshold: next });
      const before = account.alert?.threshold;
      note({ changes: changesBetween({ threshold: before }, { threshold: next }) });
    });
    revalidatePath(PAGE);
    return { notice: on === undefined ? "Saved. No email is sent." : "Saved." };
  },
});

/** Ends one session. Another account's session is the same 404 as a missing one. */
export async function signOutSession(form: FormData): Promise<void> {
  const current = await currentSession();
  const account = await requireAccount(PAGE);
  const { sessionId } = SessionTarget.parse(Object.fromEntries(form));
  const isEnded = await auditedByPerson(account, "session.ended", async () => {
    if (await endSession({ accountId: account._id, sessionId })) return true;
    throw new AppError("not_found", "There is no such session.");
  }).catch((error: unknown) => {
    if (error instanceof AppError) return false;
    throw error;
  });
  if (!isEnded) notFound();
  if (sessionId === current?.sessionId) {
    await dropSessionCookie();
    redirect("/sign-in");
  }
  revalidatePath(PAGE);
}

/** Takes a sign-in method off the account and ends the other sessions that began with it. */
export const unlinkMethodAction = formAction({
  schema: LinkedMethod.pick({ provider: true, subject: true }),
  authorize,
  run: async (account, { provider, subject }) => {
    const accountId = account._id;
    const current = await currentSession();
    await auditedByPerson(account, "sign_in.unlinked", async (note) => {
      const hasLinks = emailConfigured();
      const method = await unlinkMethod({ accountId, provider, subject, hasLinks });
      note({ target: { id: provider, name: `${methodNames[provider]} (${method.email})` } });
    });
    await endSessionsBy({ accountId, method: provider, except: current?.sessionId ?? "" });
    if (emailConfigured())
      await mailUnlinked({ to: account.email, name: methodNames[provider] }).catch(
        (error: unknown) => log.error("unlink.mail_failed", { accountId, error: errorName(error) }),
      );
    revalidatePath(PAGE);
    return {};
  },
});

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
