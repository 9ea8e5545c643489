import { cn } from "@/lib/cn";

/** A bar in the place of a text; it appears after 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-block h-2.5 max-w-full animate-pulse rounded-sm bg-hover align-middle motion-reduce:animate-none forced-colors:border",
        className,
      )}
    />
  );
}

/** A figure strip whose figures are still read. */
export function StripSkeleton({ terms }: { terms: string[] }) {
  return (
    <dl
      aria-busy="true"
      className="grid animate-late auto-cols-fr grid-flow-col border-y border-line max-md:auto-cols-auto max-md:grid-flow-row max-md:grid-cols-2"
    >
      {terms.map((term) => (
        <div
          key={term}
          className="grid content-start gap-1 border-l border-line px-5 py-4 first:border-0 first:pl-0 max-md:px-4 max-md:py-3 max-md:odd:border-l-0 max-md:odd:pl-0 max-md:nth-[n+3]:border-t"
        >
          <dt className="text-sm/4 text-muted">{term}</dt>
          <dd className="text-xl max-md:text-lg">
            <Skeleton className="h-4.5 w-28" />
          </dd>
          <dd className="text-sm/4">
            <Skeleton className="w-36" />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A chart whose bars are still read. */
export function ChartSkeleton({ title, height = 292 }: { title: string; height?: number }) {
  const base = height - 22;
  return (
    <section aria-busy="true" className="grid animate-late grid-cols-[minmax(0,1fr)] gap-3">
      <header className="flex min-h-control-sm items-center">
        <h2 className="text-base">{title}</h2>
      </header>
      <svg aria-hidden="true" height={height} className="w-[calc(100%-40px)]">
        <line x1="0" x2="100%" y1={base} y2={base} className="stroke-line-strong" />
        {HEIGHTS.map((share, index) => (
          <rect
            key={index}
            x={`${((index + 0.14) * 100) / HEIGHTS.length}%`}
            width={`${72 / HEIGHTS.length}%`}
            y={base - share * base}
            height={share * base}
            className="animate-pulse fill-hover motion-reduce:animate-none"
          />
        ))}
      </svg>
    </section>
  );
}

const HEIGHTS = [
  0.3, 0.4, 0.35, 0.5, 0.2, 0.18, 0.55, 0.6, 0.48, 0.62, 0.25, 0.22, 0.58, 0.66, 0.5,
];

/** A table whose rows are still read. */
export function TableSkeleton({ title, rows }: { title: string; rows: number }) {
  return (
    <section aria-busy="true" className="grid animate-late grid-cols-[minmax(0,1fr)] gap-3">
      <header className="flex min-h-control-sm items-center">
        <h2 className="text-base">{title}</h2>
      </header>
      <div className="border-t border-line-strong">
        {Array.from({ length: rows }, (_, index) => (
          <div
            key={index}
            className="grid h-10 grid-cols-[1.2fr_2fr_1fr_1fr] items-center gap-6 border-b border-line"
          >
            <Skeleton className="w-24" />
            <Skeleton className="w-40" />
            <Skeleton className="w-16 justify-self-end" />
            <Skeleton className="w-14 justify-self-end" />
          </div>
        ))}
      </div>
    </section>
  );
}
