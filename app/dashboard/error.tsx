"use client";

import { Button } from "@/components/ui/button";

/** Shows the reference under which the error is logged, never the error itself. The sidebar stays. */
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
        This is an error on our side. Nothing was charged, and API requests are not affected.
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
