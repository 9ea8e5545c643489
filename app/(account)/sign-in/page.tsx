import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Fragment } from "react";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";
import { FREE_REQUESTS } from "@/lib/accounts/schema";
import { safePath } from "@/lib/auth/next-path";
import { isProblem, problems } from "@/lib/auth/problems";
import { currentUser } from "@/lib/auth/session";
import { googleSettings, signInMethods } from "@/lib/auth/settings";
import { hasMailbox } from "@/lib/email/mailbox";
import { env } from "@/lib/env";
import { SESSION_DAYS } from "@/lib/sessions/schema";
import { SignInFrame } from "./sign-in-frame";
import { EmailForm } from "./email-form";
import { GithubMark, GoogleMark } from "./marks";
import { OneTap } from "./one-tap";

export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next: nextPath, error } = await searchParams;
  const next = safePath(nextPath);
  await redirectToCanonicalHost(next);
  if (await currentUser()) redirect(next);
  const methods = signInMethods();
  const google = googleSettings();
  return (
    <SignInFrame>
      <div className="grid content-start gap-5 has-data-sent:*:not-data-sent:hidden">
        <div className="grid gap-1.5">
          <h1 className="text-xl font-strong">Sign in</h1>
          <p className="text-muted">
            New here? Signing in creates your account and gives you {FREE_REQUESTS} free requests.
          </p>
        </div>
        {isProblem(error) ? <Notice tone="danger">{problems[error]}</Notice> : null}
        {Object.values(methods).includes(true) ? null : <OperatorHelp />}
        {methods.google || methods.github ? (
          <div className="grid gap-2">
            {methods.google ? (
              <ProviderForm provider="google" next={next}>
                <GoogleMark />
                Continue with Google
              </ProviderForm>
            ) : null}
            {methods.github ? (
              <ProviderForm provider="github" next={next}>
                <GithubMark />
                Continue with GitHub
              </ProviderForm>
            ) : null}
            {google === null ? null : (
              <OneTap
                clientId={google.clientId}
                scriptUrl={google.scriptUrl}
                loginUri={new URL("/api/auth/one-tap", env().nextauthUrl).href}
              />
            )}
          </div>
        ) : null}
        {methods.email && (methods.google || methods.github) ? <OrDivider /> : null}
        {methods.email ? <EmailForm next={next} mailbox={hasMailbox()} primary /> : null}
      </div>
      <StoredData />
    </SignInFrame>
  );
}

/** The sign-in cookies belong to one host name, so the sandbox redirects other loopback names to the configured one. */
async function redirectToCanonicalHost(next: string): Promise<void> {
  const { mode, nextauthUrl } = env();
  const requestUrl = new URL(`http://${(await headers()).get("host") ?? "localhost"}`);
  const canonicalUrl = new URL(nextauthUrl);
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(requestUrl.hostname);
  if (
    mode === "sandbox" &&
    isLoopback &&
    requestUrl.port === canonicalUrl.port &&
    requestUrl.hostname !== canonicalUrl.hostname
  )
    redirect(`${canonicalUrl.origin}/sign-in?${new URLSearchParams({ next })}`);
}

function ProviderForm({
  provider,
  next,
  children,
}: {
  provider: string;
  next: string;
  children: React.ReactNode;
}) {
  return (
    <form method="post" action={`/api/auth/signin/${provider}`}>
      <input type="hidden" name="next" value={next} />
      <Button type="submit" size="lg" block>
        {children}
      </Button>
    </form>
  );
}

function OrDivider() {
  return (
    <p className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      or
    </p>
  );
}

/** Shown when no sign-in method is set up: the operator creates the accounts. */
function OperatorHelp() {
  return (
    <div className="grid gap-3">
      <p className="text-muted">
        No way to sign in is set up on this server. Its operator creates accounts on the command
        line. The output contains a new key, shown once.
      </p>
      <CodeBlock
        name="Terminal"
        copy="npm run -s onekey -- account create --email you@example.com"
      />
    </div>
  );
}

function StoredData() {
  const secure = env().nextauthUrl.startsWith("https:") ? "Secure, " : "";
  const rows = [
    { name: "Account", content: "Email, name, image" },
    { name: "Session", content: `SHA-256 of the token, browser name, ${SESSION_DAYS} days` },
    { name: "Cookie", content: `One, httpOnly, ${secure}SameSite=Lax` },
    { name: "Password", content: <span className="text-muted">None exists</span> },
  ];
  return (
    <aside className="grid content-start gap-3 pt-1.5">
      <h2 className="text-sm">What signing in stores</h2>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] border-y border-line text-sm *:border-b *:border-line *:py-2 *:nth-last-[-n+2]:border-0">
        {rows.map(({ name, content }) => (
          <Fragment key={name}>
            <dt className="pr-6 text-muted">{name}</dt>
            <dd>{content}</dd>
          </Fragment>
        ))}
      </dl>
      <p className="text-sm text-muted">
        No analytics run unless you accept them.{" "}
        <Link href="/security" className="link">
          How we handle data
        </Link>
      </p>
    </aside>
  );
}
