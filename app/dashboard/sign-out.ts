"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { currentSession, sessionCookieName } from "@/lib/auth/session";
import { endSession } from "@/lib/sessions/end";

/** Ends this browser's session in the database, then takes its cookie. */
export async function signOut(): Promise<void> {
  const session = await currentSession();
  if (session) await endSession({ accountId: session.account._id, sessionId: session.sessionId });
  const name = sessionCookieName();
  (await cookies()).set({
    name,
    value: "",
    path: "/",
    maxAge: 0,
    httpOnly: true,
    secure: name.startsWith("__Secure-"),
  });
  redirect("/");
}
