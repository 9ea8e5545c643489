import { randomBytes } from "node:crypto";
import type { AuthOptions } from "next-auth";
import GithubProvider from "next-auth/providers/github";
import GoogleProvider from "next-auth/providers/google";
import type { EmailConfig } from "next-auth/providers/email";
import { z } from "zod";
import { message } from "@/lib/email/message";
import { emailConfigured, sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";
import { formatTime } from "@/lib/format";
import { LINK_MINUTES } from "@/lib/sessions/schema";
import { safePathOf } from "./next-path";
import { githubSettings, googleSettings } from "./settings";

type SignInProvider = AuthOptions["providers"][number];

/** Every way to sign in that is set up here, as next-auth takes it. */
export function providers(): SignInProvider[] {
  return [google(), github(), email()].filter((provider) => provider !== null);
}

/** next-auth calls it dangerous where a provider's address may be unverified; `isVerified` lets none of those through. */
const linksByAddress = { allowDangerousEmailAccountLinking: true };

function google(): SignInProvider | null {
  const settings = googleSettings();
  if (settings === null) return null;
  const { clientId, clientSecret, issuer } = settings;
  const wellKnown = `${issuer}/.well-known/openid-configuration`;
  return GoogleProvider({
    ...{ clientId, clientSecret, issuer, wellKnown, checks: ["pkce", "state", "nonce"] },
    ...linksByAddress,
  });
}

function github(): SignInProvider | null {
  const settings = githubSettings();
  if (settings === null) return null;
  const { clientId, clientSecret, webUrl, apiUrl } = settings;
  return GithubProvider({
    clientId,
    clientSecret,
    issuer: `${webUrl}/login/oauth`,
    authorization: {
      url: `${webUrl}/login/oauth/authorize`,
      params: { scope: "read:user user:email" },
    },
    token: `${webUrl}/login/oauth/access_token`,
    checks: ["pkce", "state"],
    ...linksByAddress,
    userinfo: {
      url: `${apiUrl}/user`,
      request: ({ tokens }) =>
        readGithubProfile({ apiUrl, accessToken: tokens.access_token ?? "" }),
    },
  });
}

const GithubUser = z.object({
  id: z.number().int(),
  login: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
});
const GithubAddresses = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);

/** The profile with its primary address, or with none when GitHub has not verified that one. */
async function readGithubProfile({ apiUrl, accessToken }: { apiUrl: string; accessToken: string }) {
  const read = async (path: string) => {
    const response = await fetch(`${apiUrl}${path}`, {
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${accessToken}`,
        "user-agent": "OneKey",
      },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`GitHub answered ${response.status}.`);
    return response.json();
  };
  const user = GithubUser.parse(await read("/user"));
  const addresses = GithubAddresses.parse(await read("/user/emails"));
  const email = addresses.find(({ primary, verified }) => primary && verified)?.email;
  return { ...user, name: user.name ?? user.login, ...(email === undefined ? {} : { email }) };
}

function email(): SignInProvider | null {
  if (!emailConfigured()) return null;
  // next-auth's own needs a package for SMTP and lets a GET use the link up.
  const provider: EmailConfig = {
    ...{ id: "email", type: "email", name: "Email", server: {}, from: "", options: {} },
    maxAge: LINK_MINUTES * 60,
    generateVerificationToken: () => randomBytes(32).toString("base64url"),
    normalizeIdentifier: (address) => address,
    sendVerificationRequest: async ({ identifier, token, url, expires }) => {
      const next = safePathOf(new URL(url).searchParams.get("callbackUrl") ?? "");
      const link = `${new URL(env().nextauthUrl).origin}/sign-in/link?${new URLSearchParams({ token, next })}`;
      await sendEmail({
        to: identifier,
        subject: "Sign in to OneKey",
        ...linkMessage({ link, expires }),
      });
    },
  };
  return provider;
}

function linkMessage({ link, expires }: { link: string; expires: Date }) {
  return message({
    heading: "Sign in to OneKey",
    paragraphs: [
      `Press the button to sign in. The link works once, until ${formatTime(expires)} UTC.`,
    ],
    action: { label: "Sign in", url: link },
    notes: ["If you did not ask for this, ignore it. Nobody gets in without the link."],
    reason: "This email was sent because someone entered this address on the sign-in page.",
  });
}
