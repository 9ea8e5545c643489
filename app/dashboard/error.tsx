"use client";

import { Button } from "@/components/ui/button";

/** Never the error itself, only the reference under which it is logged; the sidebar stays. */
export default function DashboardError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <div className="grid min-h-[50vh] content-center justify-items-start gap-3">
      <h1 className="text-lg font-strong">This page failed to load</h1>
      <p className="max-w-prose text-muted">
        The fault is ours. Nothing was charged for it, and requests to the API are served apart from
        the pages.
        {error.digest === undefined ? null : (
          <>
            {" "}
            Reference <code className="font-mono">{error.digest}</code>.
          </>
        )}
      </p>
      <Button variant="primary" onClick={reset} className="mt-2">
        Try again
      </Button>
    </div>
  );
}
