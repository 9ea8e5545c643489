import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { findSession } from "@/lib/sessions/queries";
import type { User } from "@/lib/users/schema";
import { sessionCookieName } from "./cookie-name";
import { findUser } from "./users";

/** Takes the session's cookie from this browser; what it stood for is ended apart. */
export async function dropSessionCookie(): Promise<void> {
  const name = sessionCookieName();
  const secure = name.startsWith("__Secure-");
  (await cookies()).set({ name, value: "", path: "/", maxAge: 0, httpOnly: true, secure });
}

/** The session of this request's cookie and its user, read again for each request. */
export const currentSession = cache(async (): Promise<{ user: User; sessionId: string } | null> => {
  const token = (await cookies()).get(sessionCookieName())?.value;
  const session = token ? await findSession(token) : null;
  const user = session ? await findUser(session.userId) : null;
  return session && user ? { user, sessionId: session._id } : null;
});

export async function currentUser(): Promise<User | null> {
  return (await currentSession())?.user ?? null;
}

/** The signed-in person, in pages and server actions; a visitor is sent to sign in and comes back to `next`. */
export async function requireUser(next = "/dashboard"): Promise<User> {
  return (await currentUser()) ?? redirect(`/sign-in?next=${encodeURIComponent(next)}`);
}
