import type { ReactNode } from "react";

/** Where a request goes, in the order in which it happens. */
export function RequestPath() {
  return (
    <div className="grid grid-cols-[1fr_1.5fr_1fr] rounded-lg border border-line text-base max-md:grid-cols-[minmax(0,1fr)]">
      <Stop title="Your app">
        <ol className="mt-2 grid gap-1 text-muted">
          <li>Sends the request with its key</li>
          <li>Reads the answer as it streams</li>
        </ol>
      </Stop>
      <Stop title="OneKey" middle>
        <ol className="mt-2 grid gap-1 text-muted [counter-reset:step]">
          {[
            "Checks that the key is well formed, and prices the request",
            "Checks the key and holds the maximum cost, in one write",
            "Forwards the body as it came",
            "Streams the answer back as it came",
            "Settles, and writes one row",
          ].map((step) => (
            <li
              key={step}
              className="relative pl-[22px] [counter-increment:step] before:absolute before:left-0 before:font-mono before:text-xs/5.5 before:text-accent before:content-[counter(step)]"
            >
              {step}
            </li>
          ))}
        </ol>
      </Stop>
      <Stop title="Provider">
        <ol className="mt-2 grid gap-1 text-muted">
          <li>Receives the same bytes</li>
          <li>Answers under its own policy</li>
        </ol>
      </Stop>
      <p className="col-span-full flex flex-wrap justify-between gap-4 border-t border-line px-5 py-3 text-sm text-muted">
        <span>Content: your app ⇄ provider. In memory only.</span>
        <span>Metadata: one row.</span>
      </p>
    </div>
  );
}

function Stop({
  title,
  middle = false,
  children,
}: {
  title: string;
  middle?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      className={`p-5 ${middle ? "border-x border-line bg-quiet max-md:border-x-0 max-md:border-y" : ""}`}
    >
      <h3 className="text-base font-strong">{title}</h3>
      {children}
    </div>
  );
}
