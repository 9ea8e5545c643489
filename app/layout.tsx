import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { Consent } from "@/components/site/consent";
import { SandboxBanner } from "@/components/site/sandbox-banner";
import { sessionCookieName } from "@/lib/auth/cookie-name";
import { hasMailbox } from "@/lib/email/mailbox";
import { env } from "@/lib/env";
import "./globals.css";

const description =
  "One API key for OpenAI, Anthropic, Google and xAI, billed exactly. Prompts and responses are never stored.";

export async function generateMetadata(): Promise<Metadata> {
  await connection();
  return {
    metadataBase: new URL(env().nextauthUrl),
    title: { default: "OneKey: one API key for every AI provider", template: "%s · OneKey" },
    description,
    applicationName: "OneKey",
    openGraph: { siteName: "OneKey", type: "website", description },
  };
}

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  // The mode belongs to the server process and the nonce to one response, so no page is rendered before its request.
  const requestHeaders = await headers();
  const nonce = requestHeaders.get("x-nonce") ?? undefined;
  const { mode, analytics } = env();
  // Only the choice of links depends on it, so the session is not looked up in the database.
  const hasSession = (await cookies()).has(sessionCookieName());
  return (
    <html
      lang="en"
      data-signed-in={hasSession ? "" : undefined}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <head>
        {/* oxlint-disable-next-line nextjs/no-sync-scripts -- it must run before the first paint, or the other theme flashes */}
        <script src="/theme.js" nonce={nonce} />
      </head>
      <body>
        <a
          href="#main"
          className="absolute top-2 -left-[999px] z-20 rounded-md bg-popup px-3 py-2 text-base focus:left-2"
        >
          Skip to content
        </a>
        {mode === "sandbox" ? (
          <SandboxBanner {...(hasMailbox() ? { mailbox: "/sandbox/mailbox" } : {})} />
        ) : null}
        {children}
        {/* The dashboard and sign-in have no analytics. */}
        {analytics !== null && requestHeaders.get("x-area") === "site" ? (
          <Consent {...analytics} />
        ) : null}
      </body>
    </html>
  );
}
