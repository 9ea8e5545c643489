import { now } from "@/lib/clock";
import { isIPv6 } from "node:net";
import type { NextRequest } from "next/server";
import { addressBlocks } from "@/lib/accounts/addresses";
import { EmailAddress } from "@/lib/accounts/schema";
import { AppError } from "@/lib/errors";
import { formatTime } from "@/lib/format";
import { countAttempt } from "@/lib/sessions/attempts";
import { findLink } from "@/lib/sessions/links";
import { LINK_MINUTES } from "@/lib/sessions/schema";
import { clientOf } from "./client";
import { formOf } from "./form";
import { callNextAuth, linkHash } from "./next-auth";
import { safePath } from "./next-path";
import { isSameOrigin } from "./origin";
import { foreignOrigin, notSignedIn, signedIn } from "./respond";

const WINDOW_MS = 15 * 60_000;
/** Links that may be asked for in a window: for one mailbox, and by one client. */
export const LINKS_MAX = { email: 5, client: 30 };

/**
 * Mails a sign-in link. It responds the same whether or not the address has an account. Throws AppError: bad_request for what
 * is no address, rate_limited, or unavailable when the mail was not taken.
 */
export async function requestLink({
  email,
  next,
  client,
}: {
  email: unknown;
  next: unknown;
  client: string;
}): Promise<{ email: string; until: Date }> {
  const address = EmailAddress.safeParse(email);
  if (!address.success)
    throw new AppError("bad_request", "That is not an email address.", { param: "email" });
  await limitLinks({ emails: [address.data], client });
  const { problem } = await callNextAuth({
    action: "signin",
    method: "email",
    body: {
      email: address.data,
      callbackUrl: safePath(next),
    },
    userAgent: "",
    client,
  });
  if (problem !== null)
    throw new AppError("unavailable", "The mail could not be sent: try again in a minute.");
  return { email: address.data, until: new Date(now() + LINK_MINUTES * 60_000) };
}

/** Counts mails with a link, for their addresses and for who asks. Throws rate_limited. */
export async function limitLinks({
  emails,
  client,
}: {
  emails: string[];
  client: string;
}): Promise<void> {
  await limit({
    what: "links by client",
    by: network(client),
    max: LINKS_MAX.client,
    done: "asked for from your network",
  });
  for (const email of emails)
    await limit({
      what: "links to email",
      by: email,
      max: LINKS_MAX.email,
      done: "sent to this address",
    });
}

/** The address that a link signs in, left unused; null for one that does not work (any more). */
export async function emailOfLink(token: unknown): Promise<string | null> {
  return typeof token === "string" ? ((await findLink(linkHash(token)))?.email ?? null) : null;
}

/** Uses a link up. Only a form on our own page does this: mail scanners open links, and opening the page changes nothing. */
export async function finishLink(request: NextRequest): Promise<Response> {
  if (!isSameOrigin(request)) return foreignOrigin();
  const form = await formOf(request);
  const next = safePath(form.get("next"));
  const { session, problem } = await callNextAuth({
    action: "callback",
    method: "email",
    query: { token: String(form.get("token")) },
    userAgent: request.headers.get("user-agent") ?? "",
    client: clientOf(request.headers),
  });
  if (session === null || problem !== null)
    return notSignedIn({ request, problem: problem ?? "failed", next });
  return signedIn({ request, session, next });
}

async function limit({
  what: kind,
  by,
  max,
  done: action,
}: {
  what: string;
  by: string;
  max: number;
  done: string;
}): Promise<void> {
  const { allowed: isAllowed, until } = await countAttempt({
    what: kind,
    by,
    max,
    windowMs: WINDOW_MS,
  });
  if (isAllowed) return;
  throw new AppError(
    "rate_limited",
    `${max} links were ${action} within 15 minutes. Use the newest mail, or try again at ${formatTime(until)} UTC.`,
  );
}

/** An IPv6 client usually owns a /64. */
function network(address: string): string {
  return (
    addressBlocks(address)[isIPv6(address) && !address.startsWith("::ffff:") ? 64 : 0] ?? "unknown"
  );
}
