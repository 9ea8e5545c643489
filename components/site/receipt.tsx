/** The one row that stays of a request, with the fields it does not have struck out. */
export function Receipt({ cost, days }: { cost: string; days: number }) {
  const fields = [
    ["at", "2026-11-24 14:32:01Z"],
    ["model", "claude-sonnet-5-5"],
    ["tokens in", "847"],
    ["tokens out", "1,203"],
    ["cost", cost],
    ["latency", "2.4 s"],
    ["stream", "true"],
    ["ended by", "complete"],
  ];
  return (
    <>
      <p className="relative ml-7 flex h-9 items-center border-l border-line-control pl-4.5 text-xs text-muted before:absolute before:top-1/2 before:-left-[5.5px] before:size-2.5 before:-translate-y-1/2 before:rounded-full before:border-[1.5px] before:border-accent before:bg-bg">
        what OneKey keeps of it
      </p>
      <section
        aria-labelledby="receipt"
        className="overflow-hidden rounded-lg border border-line text-sm"
      >
        <header className="flex justify-between gap-3 border-b border-line px-4 py-2.5">
          <h2 id="receipt" className="text-sm">
            One row of metadata, kept for {days} days
          </h2>
          <code className="font-mono text-muted">req_8fK2mVq1</code>
        </header>
        <dl className="grid grid-cols-2 max-md:grid-cols-1">
          {fields.map(([term, value]) => (
            <div
              key={term}
              className="flex justify-between gap-3 border-b border-line px-4 py-[7px] md:odd:border-r"
            >
              <dt className="text-muted">{term}</dt>
              <dd className="font-mono text-xs/5 tracking-[-0.01em]">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="flex justify-between gap-3 bg-quiet px-4 py-2.5 text-muted">
          <span>
            {["messages", "system", "response", "tools", "files"].map((field) => (
              <span key={field}>
                <code className="font-mono line-through decoration-1">{field}</code>{" "}
              </span>
            ))}
          </span>
          <span className="whitespace-nowrap">not stored</span>
        </p>
      </section>
    </>
  );
}
