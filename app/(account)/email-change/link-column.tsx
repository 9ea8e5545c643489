import Link from "next/link";
import type { ReactNode } from "react";
import { buttonStyle } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SignInFrame } from "../sign-in/sign-in-frame";

/** The layout of the pages that a mail about an address leads to. */
export function LinkColumn({ title, children }: { title: string; children: ReactNode }) {
  return (
    <SignInFrame>
      <div className="grid content-start gap-5 lg:col-span-2 lg:w-90">
        <h1 className="text-xl font-strong">{title}</h1>
        {children}
      </div>
    </SignInFrame>
  );
}

/** The same for every link that does not work, whatever the reason. */
export function EndedLink() {
  return (
    <>
      <Notice tone="danger">
        This link has ended: it was used, replaced or has expired. Nothing was changed.
      </Notice>
      <Link
        href="/dashboard/settings"
        className={buttonStyle({ variant: "primary", size: "lg", block: true })}
      >
        Open settings
      </Link>
    </>
  );
}
