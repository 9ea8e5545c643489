import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { findSession } from "@/lib/sessions/queries";
import { sessionCookieName } from "./cookie-name";

/** Takes the session's cookie from this browser; what it stood for is ended apart. */
export async function dropSessionCookie(): Promise<void> {
  const name = sessionCookieName();
  const secure = name.startsWith("__Secure-");
  (await cookies()).set({ name, value: "", path: "/", maxAge: 0, httpOnly: true, secure });
}

/** The session of this request's cookie and its account, read again for each request. */
export const currentSession = cache(
  async (): Promise<{ account: Account; sessionId: string } | null> => {
    const token = (await cookies()).get(sessionCookieName())?.value;
    const session = token ? await findSession(token) : null;
    const account = session ? await findById(session.accountId) : null;
    return session && account && account.erasedAt === undefined
      ? { account, sessionId: session._id }
      : null;
  },
);

export async function currentAccount(): Promise<Account | null> {
  return (await currentSession())?.account ?? null;
}

/** The signed-in account, in pages and server actions; a visitor is sent to sign in and comes back to `next`. */
export async function requireAccount(next = "/dashboard"): Promise<Account> {
  return (await currentAccount()) ?? redirect(`/sign-in?next=${encodeURIComponent(next)}`);
}
