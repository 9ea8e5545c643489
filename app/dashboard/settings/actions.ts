"use server";

import { revalidatePath } from "next/cache";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { setAlert } from "@/lib/accounts/settings";
import { isTeam } from "@/lib/accounts/schema";
import { deleteAccount } from "@/lib/auth/delete-account";
import { requestEmailChange } from "@/lib/auth/email-change";
import { dashboardPath } from "@/lib/auth/member";
import { currentSession, dropSessionCookie, requireUser } from "@/lib/auth/session";
import { changesBetween } from "@/lib/audit-log/changes";
import { AppError } from "@/lib/errors";
import { parseCredits } from "@/lib/money";
import { mailUnlinked } from "@/lib/auth/unlinked-mail";
import { renameTeam } from "@/lib/auth/teams";
import { renamePerson } from "@/lib/auth/users";
import { emailConfigured } from "@/lib/email/send";
import { errorName, log } from "@/lib/log";
import { endOtherSessions, endSession, endSessionsBy } from "@/lib/sessions/end";
import { unlinkMethod } from "@/lib/users/methods";
import { LinkedMethod } from "@/lib/users/schema";
import { auditedByPerson, requestOrigin } from "../audited";
import { formAction } from "../form-action";
import { may } from "../may";
import { methodNames } from "@/lib/users/method-names";

const PAGE = "/dashboard/settings";
const text = z.string().catch("");
const TeamProfile = z.object({ name: text });
const Profile = TeamProfile.extend({ email: text });
const AlertForm = z.object({ on: z.literal("on").optional().catch(undefined), threshold: text });
const SessionTarget = z.object({ sessionId: text });
const Deletion = z.object({ confirm: text });

/** The signed-in person and the log of their personal account, which keeps what concerns them in every account. */
async function requireSelf() {
  const user = await requireUser(await dashboardPath(PAGE));
  return { user, account: { _id: user._id } };
}

export const saveProfileAction = formAction({
  schema: Profile,
  authorize: requireSelf,
  run: async (self, { name, email }) => {
    const { user } = self;
    const hasNewName = name.trim() !== user.name;
    const hasNewEmail = email.trim() !== "" && email.trim().toLowerCase() !== user.email;
    if (hasNewName || !hasNewEmail)
      await auditedByPerson(self, "profile.changed", async (note) => {
        await renamePerson({ userId: user._id, name });
        note({ changes: changesBetween({ name: user.name }, { name: name.trim() }) });
      });
    const change = hasNewEmail
      ? await requestEmailChange({ user, email, ...(await requestOrigin()) })
      : null;
    revalidatePath(PAGE);
    return {
      notice:
        change === null
          ? "Saved."
          : `A link was sent to ${change.email}. Open it in this browser within ${change.minutes} minutes. Until then ${user.email} stays.`,
    };
  },
});

export const renameTeamAction = formAction({
  schema: TeamProfile,
  authorize: may("account:manage", PAGE),
  run: async (member, { name }) => {
    const { account } = member;
    if (!isTeam(account))
      throw new AppError("bad_request", "A personal account has the name of its person.");
    const accountId = account._id;
    await auditedByPerson(member, "team.renamed", async (note) => {
      await renameTeam({ accountId, name });
      const changes = changesBetween({ name: account.name }, { name: name.trim() });
      note({ target: { id: accountId, name: name.trim() }, changes });
    });
    revalidatePath("/dashboard", "layout");
    return { notice: "Saved." };
  },
});

export const saveAlertAction = formAction({
  schema: AlertForm,
  authorize: may("limits:manage", PAGE),
  run: async (member, { on, threshold }) => {
    const { account } = member;
    const next = on === undefined ? null : amountOf(threshold);
    await auditedByPerson(member, "alert.changed", async (note) => {
      await setAlert({ accountId: account._id, threshold: next });
      const before = account.alert?.threshold;
      note({ changes: changesBetween({ threshold: before }, { threshold: next }) });
    });
    revalidatePath(PAGE);
    return { notice: on === undefined ? "Saved. No email is sent." : "Saved." };
  },
});

/** Ends one session. Another person's session is the same 404 as a missing one. */
export async function signOutSession(form: FormData): Promise<void> {
  const current = await currentSession();
  const self = await requireSelf();
  const { sessionId } = SessionTarget.parse(Object.fromEntries(form));
  const isEnded = await auditedByPerson(self, "session.ended", async () => {
    if (await endSession({ userId: self.user._id, sessionId })) return true;
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

/** Takes a sign-in method off the signed-in person and ends the other sessions that began with it. */
export const unlinkMethodAction = formAction({
  schema: LinkedMethod.pick({ provider: true, subject: true }),
  authorize: requireSelf,
  run: async (self, { provider, subject }) => {
    const { _id: userId, email } = self.user;
    const current = await currentSession();
    await auditedByPerson(self, "sign_in.unlinked", async (note) => {
      const hasLinks = emailConfigured();
      const method = await unlinkMethod({ userId, provider, subject, hasLinks });
      note({ target: { id: provider, name: `${methodNames[provider]} (${method.email})` } });
    });
    await endSessionsBy({ userId, method: provider, except: current?.sessionId ?? "" });
    if (emailConfigured())
      await mailUnlinked({ to: email, name: methodNames[provider] }).catch((error: unknown) =>
        log.error("unlink.mail_failed", { accountId: userId, error: errorName(error) }),
      );
    revalidatePath(PAGE);
    return {};
  },
});

/** Ends every session of the signed-in person but the one that asks. */
export async function signOutElsewhere(): Promise<void> {
  const self = await requireSelf();
  const current = await currentSession();
  if (!current) redirect("/sign-in");
  await auditedByPerson(self, "session.ended", async (note) => {
    const count = await endOtherSessions({
      userId: self.user._id,
      except: current.sessionId,
    });
    note({ changes: [{ name: "Browsers signed out", before: null, after: String(count) }] });
  });
  revalidatePath(PAGE);
}

export const deleteAccountAction = formAction({
  schema: Deletion,
  authorize: may("ownership:manage", PAGE),
  run: async ({ account, user }, { confirm }) => {
    const expectedText = isTeam(account) ? account.name : user.email;
    const isConfirmed = isTeam(account)
      ? confirm.trim() === account.name
      : confirm.trim().toLowerCase() === user.email;
    if (!isConfirmed)
      throw new AppError("bad_request", `Type ${expectedText} to confirm. Nothing was deleted.`, {
        param: "confirm",
      });
    await deleteAccount(account._id, await requestOrigin());
    if (isTeam(account)) redirect("/dashboard");
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
