import type { Metadata } from "next";
import Link from "next/link";
import { SitePage } from "@/components/site/page";
import { buttonStyle } from "@/components/ui/button";
import { RETENTION_DAYS } from "@/lib/usage/schema";

export const metadata: Metadata = { title: "Account deleted", robots: { index: false } };

export default function AccountDeletedPage() {
  return (
    <SitePage>
      <div className="wrap grid min-h-[60vh] content-center justify-items-start gap-4 py-18">
        <h1 className="text-2xl font-strong">Your account is deleted</h1>
        <p className="max-w-prose text-muted">
          Its keys are disabled, and every browser is signed out. Name, addresses, projects, wallets
          and billing details are erased. Amounts and counts stay without them; usage rows are
          deleted when they are {RETENTION_DAYS} days old.
        </p>
        <Link href="/" className={buttonStyle({ className: "mt-2" })}>
          Go to the home page
        </Link>
      </div>
    </SitePage>
  );
}
