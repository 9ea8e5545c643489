import { env } from "@/lib/env";

export const HOME = "/dashboard";

/** Where to go after sign-in: a page of this site, or the dashboard for anything else. */
export function safePath(next: unknown): string {
  if (typeof next !== "string" || next.length > 2_000) return HOME;
  const { origin } = new URL(env().nextauthUrl);
  // oxlint-disable-next-line no-control-regex -- browsers drop control characters, and read a backslash as a slash
  if (!next.startsWith("/") || /[\\\u0000-\u0020\u007f]/.test(next) || !URL.canParse(next, origin))
    return HOME;
  const url = new URL(next, origin);
  if (
    url.origin !== origin ||
    /^\/(api|sign-in)(\/|$)/.test(url.pathname) ||
    url.pathname.startsWith("//")
  )
    return HOME;
  return `${url.pathname}${url.search}${url.hash}`;
}

/** The same for an absolute address of this site, as next-auth gives it. */
export function safePathOf(address: string): string {
  const { origin } = new URL(env().nextauthUrl);
  return safePath(address.startsWith(`${origin}/`) ? address.slice(origin.length) : address);
}
