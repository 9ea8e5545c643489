import type { Metadata } from "next";
import { SitePage } from "@/components/site/page";
import { CodeBlock } from "@/components/ui/code-block";
import { FREE_REQUESTS } from "@/lib/accounts/schema";

export const metadata: Metadata = { title: "Get a key", robots: { index: false } };

/** Until there is sign-in, the operator makes accounts: this page says how. */
export default function SignInPage() {
  return (
    <SitePage>
      <div className="wrap grid min-h-[60vh] grid-cols-[minmax(0,1fr)] content-center justify-items-start gap-4 py-18">
        <h1 className="text-2xl font-strong">Get a key</h1>
        <p className="max-w-prose text-muted">
          The operator of this server makes accounts on the command line. The answer holds a fresh key, shown once, and{" "}
          {FREE_REQUESTS} free requests come with the account.
        </p>
        <div className="w-full max-w-prose">
          <CodeBlock name="Terminal" copy="npm run -s onekey -- account create --email you@example.com" />
        </div>
      </div>
    </SitePage>
  );
}
