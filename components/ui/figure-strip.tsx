import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface StripFigure {
  term: ReactNode;
  /** Distinguishes the figure from the others, where its term is no text. */
  id?: string;
  figure: ReactNode;
  note?: ReactNode;
  /** The operator before the figure. With operators the strip is an equation, and it must hold. */
  operator?: "=" | "−" | "+";
}

const operatorBox =
  "before:absolute before:top-1/2 before:-left-[11px] before:grid before:size-[22px] before:-translate-y-1/2 before:place-items-center before:bg-bg before:text-[1.125rem] before:leading-none before:content-[attr(data-operator)] max-md:before:hidden";

/** Up to four figures between two rules; two by two on phones. */
export function FigureStrip({ figures }: { figures: StripFigure[] }) {
  return (
    <dl className="grid grid-flow-col auto-cols-fr border-y border-line max-md:grid-flow-row max-md:auto-cols-auto max-md:grid-cols-2">
      {figures.map(({ term, id, figure, note, operator }) => (
        <div
          key={id ?? String(term)}
          data-operator={operator}
          className={cn(
            "relative grid content-start gap-1 border-l border-line px-5 py-4 first:border-0 first:pl-0 max-md:px-4 max-md:py-3 max-md:odd:border-l-0 max-md:odd:pl-0 max-md:nth-[n+3]:border-t",
            operator && operatorBox,
          )}
        >
          <dt className="text-sm/4 text-muted">
            {operator === undefined ? null : (
              <span aria-hidden="true" className="md:hidden">
                {operator}{" "}
              </span>
            )}
            {term}
          </dt>
          <dd className="text-xl font-medium tabular-nums [&_.text-muted]:text-md/none [&_.text-muted]:font-normal [&_.text-muted]:tracking-[-0.01em] whitespace-nowrap max-md:text-lg max-md:[&_.text-muted]:text-xs/none">
            {figure}
          </dd>
          {note === undefined ? null : <dd className="text-sm/4 text-muted">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
