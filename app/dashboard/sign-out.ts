"use server";

import { redirect } from "next/navigation";
import { currentSession, dropSessionCookie } from "@/lib/auth/session";
import { endSession } from "@/lib/sessions/end";

/** Ends this browser's session in the database, then deletes its cookie. */
export async function signOut(): Promise<void> {
  const session = await currentSession();
  if (session) await endSession({ userId: session.user._id, sessionId: session.sessionId });
  await dropSessionCookie();
  redirect("/");
}
