import type { Metadata } from "next";
import Link from "next/link";
import { buttonStyle } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { viewEmailChange } from "@/lib/auth/email-change";
import { currentUser } from "@/lib/auth/session";
import { confirmAction } from "./actions";
import { EndedLink, LinkColumn } from "./link-column";
import { LinkForm } from "./link-form";

export const metadata: Metadata = { title: "Confirm your address", robots: { index: false } };

/**
 * The target of the link that a new address gets. It works only for the person who asked: an address that was mistyped belongs to a
 * stranger, who must not get the account by opening the mail.
 */
export default async function EmailChangePage({ searchParams }: PageProps<"/email-change">) {
  const { token } = await searchParams;
  const text = typeof token === "string" ? token.slice(0, 200) : "";
  const [view, user] = [await viewEmailChange(text), await currentUser()];
  return (
    <LinkColumn title="Confirm your address">
      {view === null ? (
        <EndedLink />
      ) : user === null ? (
        <>
          <p className="text-muted">
            Sign in to the account that asked for the change, with the address that it has now.
          </p>
          <Link
            href={`/sign-in?${new URLSearchParams({ next: `/email-change?token=${encodeURIComponent(text)}` })}`}
            className={buttonStyle({ variant: "primary", size: "lg", block: true })}
          >
            Sign in
          </Link>
        </>
      ) : user._id === view.userId ? (
        <>
          <p className="text-muted">
            You will sign in with{" "}
            <b className="font-medium text-text wrap-anywhere">{view.email}</b> instead of{" "}
            <b className="font-medium text-text wrap-anywhere">{user.email}</b>. Google and GitHub
            stay linked, and emails go to the new address.
          </p>
          <LinkForm
            token={text}
            label="Confirm the address"
            busyLabel="Confirming"
            action={confirmAction}
          />
        </>
      ) : (
        <Notice tone="danger">
          This link is for another account than the one you are signed in to. Nothing was changed.
        </Notice>
      )}
    </LinkColumn>
  );
}
