import { FlaskConical } from "lucide-react";
import Link from "next/link";

/** The first thing on every page of the sandbox; it cannot be dismissed, and live never shows it. */
export function SandboxBanner({ mailbox }: { mailbox?: string }) {
  return (
    <aside
      aria-label="Sandbox"
      className="flex flex-wrap items-center justify-center gap-x-3 gap-y-0.5 bg-warning-quiet px-4 py-[7px] text-center text-sm"
    >
      <b className="inline-flex items-center gap-1.5 font-mono text-xs leading-none font-medium text-warning">
        <FlaskConical aria-hidden="true" className="size-4 stroke-[1.75]" />
        SANDBOX
      </b>
      <span>
        Mock providers, no real money.
        <span className="max-md:hidden"> Nothing here is charged.</span>
        {mailbox === undefined ? null : (
          <>
            {" "}
            <Link href={mailbox} className="link">
              Open the mailbox
            </Link>
          </>
        )}
      </span>
    </aside>
  );
}
