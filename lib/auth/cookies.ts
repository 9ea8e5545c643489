import { createHash } from "node:crypto";
import type { NextRequest } from "next/server";
import { env } from "@/lib/env";
import { sessionCookieName } from "./cookie-name";

const isSecure = () => env().nextauthUrl.startsWith("https:");
const attributes = () => `Path=/; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`;

export function sessionCookie({ token, expires }: { token: string; expires: Date }): string {
  return `${sessionCookieName()}=${token}; Expires=${expires.toUTCString()}; ${attributes()}`;
}

export function expiredCookie(name: string): string {
  return `${name}=; Max-Age=0; ${attributes()}`;
}

/** Marks a flow as one that links a method to the signed-in person. */
export const LINK_COOKIE = "link";
const FLOW_SECONDS = 15 * 60;

/** What is kept for one sign-in, or one linking, at a provider: next-auth's, and the mark of a linking. */
const FLOW_NAMES = ["callback-url", "state", "pkce.code_verifier", "nonce", LINK_COOKIE];
/** So many sign-ins of one browser may be in progress; the oldest is forgotten first. */
const FLOWS_MAX = 5;

const cookiePrefix = () => `${isSecure() ? "__Secure-" : ""}next-auth.`;

export const linkCookie = (proof: string): string =>
  `${cookiePrefix()}${LINK_COOKIE}=${proof}; Max-Age=${FLOW_SECONDS}; ${attributes()}`;

/** Names one sign-in by its state, which the provider sends back: the same for the same state, and nothing of it. */
const flowOf = (state: string): string =>
  createHash("sha256").update(state).digest("hex").slice(0, 16);

/**
 * Renames the cookies that next-auth sets for a sign-in, so that those of another tab stay. `location` is where the browser is
 * sent to, with the state. Forgets the oldest sign-ins beyond FLOWS_MAX.
 */
export function keepFlow(input: {
  request: NextRequest;
  cookies: string[];
  location: string;
}): string[] {
  const { request, cookies, location } = input;
  const state = new URL(location).searchParams.get("state");
  if (state === null) return cookies;
  const flow = flowOf(state);
  const newCookies = cookies.map((cookie) => {
    const name = FLOW_NAMES.find((flowName) => cookie.startsWith(`${cookiePrefix()}${flowName}=`));
    return name === undefined
      ? cookie
      : cookie.replace(`${cookiePrefix()}${name}=`, `${cookiePrefix()}${name}.${flow}=`);
  });
  // Browsers send cookies of one path in the order in which they were set (RFC 6265, 5.4).
  const flows = request.cookies
    .getAll()
    .filter(({ name }) => name.startsWith(`${cookiePrefix()}state.`))
    .map(({ name }) => name.slice(`${cookiePrefix()}state.`.length));
  const forgotten = flows.slice(0, Math.max(0, flows.length - FLOWS_MAX + 1));
  return [...newCookies, ...forgotten.flatMap((flowName) => expireFlow(request, flowName))];
}

/** The cookies of the sign-in that a state belongs to, by the names that next-auth knows; none for another browser's state. */
export function cookiesOfFlow(request: NextRequest, state: string): Record<string, string> {
  const flow = flowOf(state);
  return Object.fromEntries(
    FLOW_NAMES.flatMap((flowName) => {
      const value = request.cookies.get(`${cookiePrefix()}${flowName}.${flow}`)?.value;
      return value === undefined ? [] : [[`${cookiePrefix()}${flowName}`, value]];
    }),
  );
}

/** Deletes the cookies of one sign-in. */
const expireFlow = (request: NextRequest, flow: string): string[] =>
  FLOW_NAMES.map((flowName) => `${cookiePrefix()}${flowName}.${flow}`)
    .filter((name) => request.cookies.has(name))
    .map(expiredCookie);

/** What next-auth and Google's script keep in the browser while a sign-in is in progress. */
function passingNames(): string[] {
  return [...FLOW_NAMES.map((name) => `${cookiePrefix()}${name}`), "g_state", "g_csrf_token"];
}

/** Deletes those cookies of this browser, and those of the sign-in that ended; another tab's sign-in may go on. */
export function expirePassing(request: NextRequest): string[] {
  const state = request.nextUrl.searchParams.get("state");
  return [
    ...passingNames()
      .filter((name) => request.cookies.has(name))
      .map(expiredCookie),
    ...(state === null ? [] : expireFlow(request, flowOf(state))),
  ];
}
