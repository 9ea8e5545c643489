import type { Metadata } from "next";
import { viewEmailUndo } from "@/lib/auth/email-change";
import { undoAction } from "../actions";
import { EndedLink, LinkColumn } from "../link-column";
import { LinkForm } from "../link-form";

export const metadata: Metadata = { title: "Keep your address", robots: { index: false } };

/** The target of "It was not me" in the mail that a former address gets. */
export default async function EmailUndoPage({ searchParams }: PageProps<"/email-change/undo">) {
  const { token } = await searchParams;
  const text = typeof token === "string" ? token.slice(0, 200) : "";
  const view = await viewEmailUndo(text);
  return (
    <LinkColumn title="Keep your address">
      {view === null ? (
        <EndedLink />
      ) : (
        <>
          <p className="text-muted">
            Your account signs in with{" "}
            <b className="font-medium text-text wrap-anywhere">{view.email}</b> as before, and every
            browser is signed out. Then sign in, and look at the sign-in methods, the keys and the
            audit log.
          </p>
          <LinkForm
            token={text}
            label="Keep this address"
            busyLabel="Restoring"
            action={undoAction}
          />
        </>
      )}
    </LinkColumn>
  );
}
