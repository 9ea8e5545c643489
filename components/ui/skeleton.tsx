import { cn } from "@/lib/cn";
import { Table, Td, Th } from "./table";

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

const FIGURES = {
  strip: {
    list: "max-md:auto-cols-auto max-md:grid-flow-row max-md:grid-cols-2",
    item: "gap-1 px-5 py-4 first:border-0 first:pl-0 max-md:px-4 max-md:py-3 max-md:odd:border-l-0 max-md:odd:pl-0 max-md:nth-[n+3]:border-t",
    term: "text-sm/4",
    figure: "text-xl max-md:text-lg",
    figureBar: "h-4.5 w-28",
    note: "text-sm/4",
    noteBar: "w-36",
  },
  measures: {
    list: "max-lg:auto-cols-auto max-lg:grid-flow-row max-lg:grid-cols-4 max-md:grid-cols-2",
    item: "gap-0.5 px-3 py-3 first:border-l-0 max-lg:nth-[4n+1]:border-l-0 max-lg:nth-[n+5]:border-t max-md:border-l-0 max-md:even:border-l max-md:nth-[n+3]:border-t",
    term: "text-xs whitespace-nowrap",
    figure: "text-md",
    figureBar: "h-4 w-16",
    note: "text-xs",
    noteBar: "w-12",
  },
};

/** Figures that are still read: a figure strip, or a row of many small measures. */
export function FiguresSkeleton(props: { shape: keyof typeof FIGURES; terms: string[] }) {
  const { list, item, term: termText, figure, figureBar, note, noteBar } = FIGURES[props.shape];
  return (
    <dl
      aria-busy="true"
      className={cn("grid animate-late auto-cols-fr grid-flow-col border-y border-line", list)}
    >
      {props.terms.map((term) => (
        <div key={term} className={cn("grid content-start border-l border-line", item)}>
          <dt className={cn("text-muted", termText)}>{term}</dt>
          <dd className={figure}>
            <Skeleton className={figureBar} />
          </dd>
          <dd className={note}>
            <Skeleton className={noteBar} />
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
        {GRID.map((share) => (
          <line
            key={share}
            x1="0"
            x2="100%"
            y1={base - share * base}
            y2={base - share * base}
            className="stroke-line"
          />
        ))}
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

const GRID = [0.3, 0.6, 0.9];
const HEIGHTS = [
  0.24, 0.26, 0.3, 0.28, 0.32, 0.13, 0.13, 0.45, 0.54, 0.54, 0.57, 0.68, 0.17, 0.2, 0.65, 0.7, 0.63,
  0.86, 0.6, 0.18, 0.17, 0.58, 0.74, 0.61, 0.5, 0.54, 0.19, 0.2, 0.58, 0.32,
];

/** A column of a table that is still read; `wide` ones are left out on phones. */
interface SkeletonColumn {
  name: string;
  num?: boolean;
  wide?: boolean;
}

/** A table whose rows are still read, under its own head. */
export function TableSkeleton(props: { title: string; columns: SkeletonColumn[]; rows: number }) {
  const { title, columns, rows } = props;
  return (
    <section aria-busy="true" className="grid animate-late grid-cols-[minmax(0,1fr)] gap-3">
      {title === "" ? null : (
        <header className="flex min-h-control-sm items-center">
          <h2 className="text-base">{title}</h2>
        </header>
      )}
      <Table edge="flush">
        <thead>
          <tr>
            {columns.map(({ name, num, wide }) => (
              <Th key={name} num={num} wide={wide}>
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {columns.map(({ name, num, wide }, column) => (
                <Td key={name} num={num} wide={wide}>
                  <Skeleton className={num ? "w-12" : WIDTHS[(row + column) % WIDTHS.length]} />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

const WIDTHS = ["w-24", "w-20", "w-28", "w-16"];

/** Lines of a page that has no such shape. */
export function LinesSkeleton({ lines }: { lines: number }) {
  return (
    <div aria-busy="true" className="grid animate-late border-t border-line-strong">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="flex h-10 items-center border-b border-line">
          <Skeleton className={WIDTHS[line % WIDTHS.length]} />
        </div>
      ))}
    </div>
  );
}
