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

/** What next-auth and Google's script keep in the browser while a sign-in is in progress. */
function passingNames(): string[] {
  const prefix = isSecure() ? "__Secure-" : "";
  const cookieNames = ["callback-url", "state", "pkce.code_verifier", "nonce"].map(
    (name) => `${prefix}next-auth.${name}`,
  );
  return [...cookieNames, "g_state", "g_csrf_token"];
}

/** Deletes those cookies of this browser: after a sign-in, one cookie is left. */
export function expirePassing(request: NextRequest): string[] {
  return passingNames()
    .filter((name) => request.cookies.has(name))
    .map(expiredCookie);
}
