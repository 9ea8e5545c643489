import { createHmac, timingSafeEqual } from "node:crypto";
import type { NextRequest } from "next/server";
import { emailConfigured } from "@/lib/email/send";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { browserName } from "@/lib/sessions/browser-name";
import { findSession } from "@/lib/sessions/queries";
import { methodNames } from "@/lib/users/method-names";
import { linkMethod } from "@/lib/users/methods";
import { findUserByMethod } from "@/lib/users/queries";
import { displayNameOf, type LinkedMethod, type User } from "@/lib/users/schema";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import { clientOf } from "./client";
import { sessionCookieName } from "./cookie-name";
import { cookiesOfFlow, expirePassing, keepFlow, LINK_COOKIE, linkCookie } from "./cookies";
import { formOf } from "./form";
import { mailLinked } from "./linked-mail";
import { callNextAuth, type ProvenPerson } from "./next-auth";
import { safePath } from "./next-path";
import { isSameOrigin } from "./origin";
import type { SignInProblem } from "./problems";
import { foreignOrigin, goTo, noSuchPage } from "./respond";
import { oauthMethodOf } from "./settings";
import { findUser, findUserOfAddress } from "./users";

/** Why a sign-in method was not linked, as the settings page says it. */
export type LinkProblem = SignInProblem | "session" | "other-person";

type OAuthProvider = LinkedMethod["provider"];
type OwnSession = { user: User; sessionId: string };

/** Begins to link Google or GitHub to the signed-in person: a form on the settings page, to which the browser comes back. */
export async function startLinking(request: NextRequest, provider: string): Promise<Response> {
  const method = oauthMethodOf(provider);
  if (method === null) return noSuchPage();
  if (!isSameOrigin(request)) return foreignOrigin();
  const next = safePath((await formOf(request)).get("next"));
  const session = await sessionOf(request);
  if (!session) return goTo(`/sign-in?${new URLSearchParams({ next })}`);
  const { location, cookies, problem } = await callNextAuth({
    action: "signin",
    method,
    body: { callbackUrl: next },
    userAgent: "",
    client: clientOf(request.headers),
  });
  if (problem !== null) return backTo(request, next, { problem });
  const state = new URL(location).searchParams.get("state") ?? "";
  const mark = linkCookie(proofOf({ provider: method, state, session }));
  return goTo(location, keepFlow({ request, cookies: [...cookies, mark], location }));
}

/** Whether the browser comes back from a provider to link a method, not to sign in. */
export const isLinking = (request: NextRequest): boolean =>
  proofIn(request, request.nextUrl.searchParams.get("state") ?? "") !== undefined;

/**
 * Links the person whom the provider vouches for to the session that began it, and to no other: nothing is changed when the
 * state is not of this browser, when somebody else is signed in meanwhile, or when that person signs in another user.
 */
export async function finishLinking(
  request: NextRequest,
  provider: OAuthProvider,
): Promise<Response> {
  const query = Object.fromEntries(request.nextUrl.searchParams);
  const state = query.state ?? "";
  const cookies = cookiesOfFlow(request, state);
  const address = Object.entries(cookies).find(([name]) => name.endsWith("callback-url"))?.[1];
  const next = safePath(pathOf(address ?? ""));
  const session = await sessionOf(request);
  if (!session || !isProof(proofIn(request, state), proofOf({ provider, state, session })))
    return backTo(request, next, { problem: "session" });
  if (query.error === "access_denied") return backTo(request, next, { problem: "cancelled" });
  const { person, problem } = await callNextAuth({
    action: "callback",
    method: provider,
    query,
    cookies,
    userAgent: "",
    client: clientOf(request.headers),
    isLinking: true,
  });
  if (person === null) return backTo(request, next, { problem: problem ?? "failed" });
  if (await isAnothers(person, session.user))
    return backTo(request, next, { problem: "other-person" });
  try {
    await link({ request, user: session.user, person });
  } catch (error) {
    // Another user took the person on between the check and the write.
    if (!(error instanceof AppError)) throw error;
    return backTo(request, next, { problem: "other-person" });
  }
  return backTo(request, next, { linked: provider });
}

/** Whether a person, by the provider's id or by their address, signs in another user. */
async function isAnothers(
  { provider, subject, email }: ProvenPerson,
  user: User,
): Promise<boolean> {
  const [byMethod, byAddress] = await Promise.all([
    findUserByMethod({ provider, subject }),
    findUserOfAddress(email),
  ]);
  return [byMethod, byAddress].some(
    (candidate) => candidate !== null && candidate._id !== user._id,
  );
}

async function link(input: {
  request: NextRequest;
  user: User;
  person: ProvenPerson;
}): Promise<void> {
  const { request, user, person } = input;
  const { _id: userId, methods = [] } = user;
  const { provider, subject, email } = person;
  if (methods.some((method) => method.provider === provider && method.subject === subject)) return;
  const name = `${methodNames[provider]} (${email})`;
  await auditedWithEvents(
    {
      accountId: userId,
      actor: { kind: "person", id: userId, name: displayNameOf(user) },
      type: "sign_in.linked",
      target: { id: provider, name },
      address: clientOf(request.headers),
      client: browserName(request.headers.get("user-agent") ?? ""),
    },
    () => linkMethod({ userId, method: person }),
  );
  if (!emailConfigured()) return;
  await mailLinked({ to: user.email, name }).catch((error: unknown) =>
    log.error("link.mail_failed", { accountId: userId, error: errorName(error) }),
  );
}

/** The session of a request's cookie and its user. */
async function sessionOf(request: NextRequest): Promise<OwnSession | null> {
  const token = request.cookies.get(sessionCookieName())?.value;
  const session = token ? await findSession(token) : null;
  const user = session ? await findUser(session.userId) : null;
  return session && user ? { user, sessionId: session._id } : null;
}

/** What only this server can write: that this session began to link this provider with this state. */
function proofOf(input: { provider: OAuthProvider; state: string; session: OwnSession }): string {
  const { provider, state, session } = input;
  return createHmac("sha256", env().nextauthSecret)
    .update(JSON.stringify(["link", provider, state, session.sessionId, session.user._id]))
    .digest("base64url");
}

const proofIn = (request: NextRequest, state: string): string | undefined =>
  Object.entries(cookiesOfFlow(request, state)).find(([name]) => name.endsWith(LINK_COOKIE))?.[1];

function isProof(cookie: string | undefined, proof: string): boolean {
  const [a, b] = [Buffer.from(cookie ?? ""), Buffer.from(proof)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The path of an address of this server, as next-auth keeps it. */
const pathOf = (address: string): string => {
  const { origin } = new URL(env().nextauthUrl);
  return address.startsWith(`${origin}/`) ? address.slice(origin.length) : address;
};

/** Back to the settings page, which says what became of it. */
function backTo(
  request: NextRequest,
  next: string,
  result: { linked: OAuthProvider } | { problem: LinkProblem },
): Response {
  const url = new URL(next, env().nextauthUrl);
  for (const [name, value] of Object.entries(result)) url.searchParams.set(`link_${name}`, value);
  return goTo(`${url.pathname}${url.search}`, expirePassing(request));
}
