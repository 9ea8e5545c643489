import type { Metadata } from "next";
import Link from "next/link";
import { SitePage } from "@/components/site/page";
import { buttonStyle } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <SitePage>
      <div className="wrap grid min-h-[60vh] content-center justify-items-start gap-4 py-18">
        <p className="font-mono text-sm text-muted">404</p>
        <h1 className="text-2xl font-strong">There is nothing at this address</h1>
        <p className="max-w-prose text-muted">
          It may have moved, or it belongs to another account.
        </p>
        <Link href="/" className={buttonStyle({ variant: "secondary", className: "mt-2" })}>
          Go to the home page
        </Link>
      </div>
    </SitePage>
  );
}
