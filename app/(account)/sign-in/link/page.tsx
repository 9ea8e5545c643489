import type { Metadata } from "next";
import Link from "next/link";
import { Button, buttonStyle } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { emailOfLink } from "@/lib/auth/link";
import { safePath } from "@/lib/auth/next-path";
import { problems } from "@/lib/auth/problems";
import { SignInFrame } from "../sign-in-frame";

export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

/**
 * The target of a mailed link. Opening it does not consume the link, because mail scanners open links; the button does.
 */
export default async function LinkPage({ searchParams }: PageProps<"/sign-in/link">) {
  const { token, next } = await searchParams;
  const email = await emailOfLink(token);
  return (
    <SignInFrame>
      <div className="grid content-start gap-5 lg:col-span-2 lg:w-90">
        <h1 className="text-xl font-strong">Sign in</h1>
        {email === null ? (
          <>
            <Notice tone="danger">{problems.link}</Notice>
            <Link
              href="/sign-in"
              className={buttonStyle({ variant: "primary", size: "lg", block: true })}
            >
              Ask for a new link
            </Link>
          </>
        ) : (
          <form method="post" action="/api/auth/callback/email" className="grid gap-5">
            <p className="text-muted">
              This browser will be signed in as{" "}
              <b className="font-medium text-text [overflow-wrap:anywhere]">{email}</b>.
            </p>
            <input type="hidden" name="token" value={String(token)} />
            <input type="hidden" name="next" value={safePath(next)} />
            <Button type="submit" variant="primary" size="lg" block>
              Sign in
            </Button>
          </form>
        )}
      </div>
    </SignInFrame>
  );
}
