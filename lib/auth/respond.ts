import type { NextRequest } from "next/server";
import { endSession } from "@/lib/sessions/end";
import { findSession } from "@/lib/sessions/queries";
import { expirePassing, sessionCookie } from "./cookies";
import { HOME, safePath } from "./next-path";
import type { SignInProblem } from "./problems";
import { sessionCookieName } from "./cookie-name";

/** Sends a browser on; 303, so that a form is not posted a second time. */
export function goTo(location: string, cookies: string[] = []): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** The end of every successful sign-in: a new session, the previous one ended, and no other cookie left. */
export async function signedIn({
  request,
  session,
  next,
}: {
  request: NextRequest;
  session: { token: string; expires: Date };
  next: string;
}): Promise<Response> {
  await endCurrent(request);
  return goTo(safePath(next), [sessionCookie(session), ...expirePassing(request)]);
}

/** Back to the sign-in page, which says what went wrong. */
export function notSignedIn({
  request,
  problem,
  next,
}: {
  request: NextRequest;
  problem: SignInProblem;
  next: string;
}): Response {
  const query = new URLSearchParams({ error: problem, ...(next === HOME ? {} : { next }) });
  return goTo(`/sign-in?${query}`, expirePassing(request));
}

export async function endCurrent(request: NextRequest): Promise<void> {
  const token = request.cookies.get(sessionCookieName())?.value;
  const session = token ? await findSession(token) : null;
  if (session) await endSession({ userId: session.userId, sessionId: session._id });
}

/** The response to a write that no page of this server sent. */
export function foreignOrigin(): Response {
  return new Response("This request did not come from a page of OneKey. Nothing was changed.\n", {
    status: 403,
  });
}

export function noSuchPage(): Response {
  return new Response("Not found\n", { status: 404 });
}
