import { Link } from "@/components/ui/link";
import type { UsageView } from "./load";
import { changeText, measures } from "./measures";
import { addressOf, UsageMeasure, type UsageSearch } from "./search";

/** The figures of the range, each against the period before; each is a link that draws it. */
export function MeasureStrip({ view, search }: { view: UsageView; search: UsageSearch }) {
  return (
    <nav
      aria-label="Measure"
      className="grid auto-cols-fr grid-flow-col border-y border-line max-lg:grid-flow-row max-lg:auto-cols-auto max-lg:grid-cols-4 max-md:grid-cols-2"
    >
      {UsageMeasure.options.map((option) => {
        const measure = measures[option];
        const value = measure.value(view.total);
        const change = view.totalBefore
          ? changeText(measure, value, measure.value(view.totalBefore))
          : null;
        return (
          <Link
            key={option}
            href={addressOf({ ...search, measure: option, before: undefined, after: undefined })}
            scroll={false}
            aria-current={option === search.measure ? "true" : undefined}
            className="grid content-start gap-0.5 border-l border-line px-3 py-3 first:border-l-0 hover:bg-quiet aria-[current]:bg-quiet aria-[current]:shadow-[inset_0_2px_0_var(--text)] focus-visible:-outline-offset-2 max-lg:nth-[4n+1]:border-l-0 max-lg:nth-[n+5]:border-t max-md:border-l-0 max-md:even:border-l max-md:nth-[n+3]:border-t"
          >
            <span className="text-xs whitespace-nowrap text-muted">{measure.label}</span>
            <span className="text-md font-medium whitespace-nowrap tabular-nums">
              {value === null ? "—" : (measure.short ?? measure.text)(value)}
            </span>
            {view.totalBefore === null ? null : (
              <span className="text-xs whitespace-nowrap text-muted tabular-nums">
                {change ?? "nothing before"}
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
