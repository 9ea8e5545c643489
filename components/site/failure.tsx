import { Button } from "@/components/ui/button";

/** What a visitor sees when a page fails: never the error itself, only the reference under which it is logged. */
export function Failure({
  reference,
  retry,
}: {
  reference: string | undefined;
  retry: () => void;
}) {
  return (
    <main
      id="main"
      className="wrap grid min-h-screen content-center justify-items-start gap-4 py-18 text-md"
    >
      <h1 className="text-2xl font-strong">This page failed to load</h1>
      <p className="max-w-prose text-muted">
        The fault is ours. Nothing was charged for it, and requests to the API are served apart from
        the pages.
        {reference === undefined ? null : (
          <>
            {" "}
            Reference <code className="font-mono">{reference}</code>.
          </>
        )}
      </p>
      <div className="mt-2 flex gap-2.5">
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      </div>
    </main>
  );
}
