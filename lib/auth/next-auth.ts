import { createHash, randomBytes } from "node:crypto";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth, { type AuthOptions } from "next-auth";
import { EmailAddress } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import type { SignInMethod } from "@/lib/sessions/schema";
import { LinkedMethod } from "@/lib/users/schema";
import { adapterFor, type NewSession } from "./adapter";
import { HOME, safePathOf } from "./next-path";
import { problemOf, type SignInProblem } from "./problems";
import { providers } from "./providers";

interface NextAuthCall {
  action: "signin" | "callback";
  method: SignInMethod;
  /** What the provider sent back, or the token of a link. */
  query?: Record<string, string>;
  /** What the form said: the address, and where to go afterwards. */
  body?: Record<string, string>;
  cookies?: Record<string, string>;
  userAgent: string;
  /** The network address of the browser; "" when not known. */
  client: string;
  /** Only says whom the provider vouches for: nobody is signed in, created or linked. */
  isLinking?: boolean;
}

/** A person of a provider with an address that it has verified. */
export type ProvenPerson = Omit<LinkedMethod, "linkedAt">;

interface NextAuthOutcome {
  /** Where next-auth would send the browser: to the provider, or to where the visitor wanted to go. */
  location: string;
  /** `Set-Cookie` values for the way to the provider and back. */
  cookies: string[];
  session: NewSession | null;
  /** Only with `isLinking`. */
  person: ProvenPerson | null;
  problem: SignInProblem | null;
}

const CSRF = "csrf";

/**
 * Runs one step of a sign-in through next-auth. The browser's own session cookie is never handed to it: with one it would
 * keep that session, and link the person to its account, where a sign-in always creates a new session.
 */
export async function callNextAuth({
  action,
  method,
  query,
  body,
  cookies,
  userAgent,
  client,
  isLinking = false,
}: NextAuthCall): Promise<NextAuthOutcome> {
  const { adapter, created: newSession } = adapterFor({ method, userAgent, client });
  // Whoever calls has checked the Origin header, so next-auth's own token for that is made and used up here.
  const csrf = randomBytes(32).toString("hex");
  const digest = createHash("sha256").update(`${csrf}${env().nextauthSecret}`).digest("hex");
  let person: ProvenPerson | null = null;
  const takePerson = (proven: ProvenPerson) => {
    person = proven;
  };
  const answer = { location: "", cookies: [] as string[] };
  await NextAuth(
    request({
      method: action === "signin" ? "POST" : "GET",
      query: { ...query, nextauth: [action, method] },
      body: { ...body, csrfToken: csrf },
      cookies: { ...cookies, [CSRF]: `${csrf}|${digest}` },
      headers: {},
    }),
    response(answer),
    { ...options(isLinking ? takePerson : null), adapter },
  );
  const url = new URL(answer.location || "/api/auth/error", env().nextauthUrl);
  const failure =
    /^\/(api\/auth\/(error|signin)|sign-in)$/.test(url.pathname) &&
    url.origin === new URL(env().nextauthUrl).origin;
  return {
    location: url.href,
    cookies: answer.cookies,
    session: newSession(),
    person,
    problem: failure ? problemOf(url.searchParams.get("error") ?? "") : null,
  };
}

/** next-auth stores a link under this hash of its token. */
export function linkHash(token: string): string {
  return createHash("sha256").update(`${token}${env().nextauthSecret}`).digest("hex");
}

/** With `takePerson`, a sign-in ends as soon as the person is known. */
function options(takePerson: ((person: ProvenPerson) => void) | null): AuthOptions {
  const secure = env().nextauthUrl.startsWith("https:");
  const passing = { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
  return {
    providers: providers(),
    secret: env().nextauthSecret,
    session: { strategy: "database" },
    useSecureCookies: secure,
    cookies: {
      csrfToken: { name: CSRF, options: passing },
      callbackUrl: {
        name: `${secure ? "__Secure-" : ""}next-auth.callback-url`,
        options: { ...passing, maxAge: 15 * 60 },
      },
    },
    callbacks: {
      signIn: ({ account, profile }) => {
        const provider = account?.provider;
        if (!isVerified({ provider, profile })) return refusal(provider);
        if (takePerson === null) return true;
        takePerson({
          provider: LinkedMethod.shape.provider.parse(provider),
          subject: account?.providerAccountId ?? "",
          email: EmailAddress.parse(profile?.email),
        });
        return HOME;
      },
      redirect: ({ url, baseUrl }) => `${baseUrl}${safePathOf(url)}`,
    },
    // Its errors quote requests: only their codes are logged.
    logger: {
      error: (code) => log.warn("auth.failed", { code }),
      warn: (code) => log.warn("auth.warned", { code }),
      debug: () => {},
    },
  };
}

/** Whether the provider itself has verified the address; one of a link is verified by the link. */
function isVerified({
  provider,
  profile,
}: {
  provider: string | undefined;
  profile: unknown;
}): boolean {
  if (provider === "email") return true;
  const { email, email_verified: emailVerified } = (profile ?? {}) as {
    email?: unknown;
    email_verified?: unknown;
  };
  return EmailAddress.safeParse(email).success && (provider === "github" || emailVerified === true);
}

const refusal = (provider: string | undefined) =>
  `/sign-in?error=${provider === "github" ? "github-email" : "google-email"}`;

type RequestParts = Pick<NextApiRequest, "method" | "query" | "body" | "cookies" | "headers">;

/** next-auth reads nothing else of a request. */
function request(parts: RequestParts): NextApiRequest {
  return parts as NextApiRequest;
}

/** Takes down where next-auth redirects to and the cookies that it sets; it does nothing else with a response. */
function response(answer: { location: string; cookies: string[] }): NextApiResponse {
  const double = {
    status: () => double,
    getHeader: () => answer.cookies,
    setHeader: (name: string, value: string | string[]) => {
      if (name === "Set-Cookie") answer.cookies = [value].flat();
      else if (name === "Location") answer.location = String(value);
      return double;
    },
    end: () => double,
    json: () => double,
    send: () => double,
  };
  return double as unknown as NextApiResponse;
}
