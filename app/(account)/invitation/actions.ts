"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { formAction } from "@/app/dashboard/form-action";
import { accountPath } from "@/lib/account-path";
import { clientOf } from "@/lib/auth/client";
import { declineToJoin, joinTeam } from "@/lib/auth/join-team";
import { currentSession, dropSessionCookie, requireUser } from "@/lib/auth/session";
import { browserName } from "@/lib/sessions/browser-name";
import { endSession } from "@/lib/sessions/end";

const InvitationToken = z.object({ token: z.string().max(200) });
const authorize = () => requireUser("/dashboard");
const pageOf = (token: string) => `/invitation?token=${encodeURIComponent(token)}`;

async function pressOf(token: string) {
  const requestHeaders = await headers();
  return {
    token,
    address: clientOf(requestHeaders),
    client: browserName(requestHeaders.get("user-agent") ?? ""),
  };
}

export const joinAction = formAction({
  schema: InvitationToken,
  authorize,
  run: async (user, { token }) => {
    const { accountId } = await joinTeam({ ...(await pressOf(token)), user });
    redirect(accountPath(accountId, "/dashboard"));
  },
});

export const declineAction = formAction({
  schema: InvitationToken,
  authorize,
  run: async (user, { token }) => {
    await declineToJoin({ ...(await pressOf(token)), user });
    revalidatePath("/invitation");
    return {};
  },
});

/** Signs out and asks to sign in as the invited person, who comes back to the invitation. */
export async function signInAsInvited(form: FormData): Promise<void> {
  const { token } = InvitationToken.parse(Object.fromEntries(form));
  const session = await currentSession();
  if (session) await endSession({ userId: session.user._id, sessionId: session.sessionId });
  await dropSessionCookie();
  redirect(`/sign-in?${new URLSearchParams({ next: pageOf(token) })}`);
}
