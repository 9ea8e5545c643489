"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { formAction } from "@/app/dashboard/form-action";
import { clientOf } from "@/lib/auth/client";
import { confirmEmailChange, undoChange } from "@/lib/auth/email-change";
import { currentSession, dropSessionCookie, requireUser } from "@/lib/auth/session";
import { browserName } from "@/lib/sessions/browser-name";

const LinkToken = z.object({ token: z.string().max(200) });

async function requestOrigin() {
  const requestHeaders = await headers();
  return {
    address: clientOf(requestHeaders),
    client: browserName(requestHeaders.get("user-agent") ?? ""),
  };
}

/** Gives the signed-in person the address that the link was sent to. */
export const confirmAction = formAction({
  schema: LinkToken,
  authorize: () => requireUser("/dashboard"),
  run: async (user, { token }) => {
    const session = await currentSession();
    const sessionId = session?.sessionId ?? "";
    await confirmEmailChange({ token, user, sessionId, ...(await requestOrigin()) });
    redirect("/dashboard/settings");
  },
});

/** Keeps or restores a former address. Whoever has the link has its mailbox, so it needs no session: they may have none any more. */
export const undoAction = formAction({
  schema: LinkToken,
  authorize: async () => undefined,
  run: async (_, { token }) => {
    await undoChange({ token, ...(await requestOrigin()) });
    await dropSessionCookie();
    redirect("/sign-in");
  },
});
