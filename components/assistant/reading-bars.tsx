import { formatCents } from "@/lib/format";
import type { ToolReading } from "@/lib/assistant/schema";

/**
 * What a tool read of the usage: a bar for each row, over a thinner one of the days before, with the amounts. An SVG, because its
 * widths need no style attribute.
 */
export function ReadingBars({ reading }: { reading: ToolReading }) {
  const { heading, period, periodBefore, rows } = reading;
  const highest = Math.max(...rows.flatMap(({ cost, costBefore }) => [cost, costBefore ?? 0]), 1);
  const widthOf = (cost: number) => `${((cost / highest) * 100).toFixed(1)}%`;
  const amount = "py-1 pl-3 text-right align-middle whitespace-nowrap";
  return (
    <div className="border-t border-line p-3">
      <table className="w-full text-sm tabular-nums">
        <caption className="sr-only">
          {periodBefore === null
            ? `Cost by ${heading.toLowerCase()}, ${period}`
            : `Cost by ${heading.toLowerCase()}, ${period} and ${periodBefore}`}
        </caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" colSpan={2} className="pb-1 text-left font-normal">
              {heading}
            </th>
            <PeriodHead color="bg-chart-1" short="Now">
              {period}
            </PeriodHead>
            {periodBefore === null ? null : (
              <PeriodHead color="bg-chart-other" short="Before">
                {periodBefore}
              </PeriodHead>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cost, costBefore }) => (
            <tr key={name}>
              <th scope="row" className="py-1 pr-3 text-left font-normal wrap-anywhere">
                {name}
              </th>
              <td className="w-[48%] py-1 align-middle max-md:w-[24%]">
                <svg aria-hidden="true" className="block h-[11px] w-full">
                  <rect
                    width={widthOf(cost)}
                    height="6"
                    y={costBefore === null ? 2.5 : 0}
                    className="fill-chart-1 forced-colors:fill-[Highlight]"
                  />
                  {costBefore === null ? null : (
                    <rect
                      y="7"
                      width={widthOf(costBefore)}
                      height="4"
                      className="fill-chart-other forced-colors:fill-[GrayText]"
                    />
                  )}
                </svg>
              </td>
              <td className={amount}>{formatCents(cost)}</td>
              {costBefore === null ? null : (
                <td className={`${amount} text-muted`}>{formatCents(costBefore)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {reading.hidden === 0 ? null : (
        <p className="pt-1 text-xs text-muted">and {reading.hidden} more</p>
      )}
    </div>
  );
}

/** A period over its column, with the color of its bars; a word on phones. */
function PeriodHead({
  color,
  short,
  children,
}: {
  color: string;
  short: string;
  children: string;
}) {
  return (
    <th scope="col" className="pb-1 pl-3 text-right font-normal whitespace-nowrap">
      <span
        aria-hidden="true"
        className={`mr-1.5 inline-block size-2 rounded-[2px] forced-color-adjust-none ${color}`}
      />
      <span className="max-md:sr-only">{children}</span>
      <span aria-hidden="true" className="md:hidden">
        {short}
      </span>
    </th>
  );
}
