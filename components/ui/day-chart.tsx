import { gridStep } from "@/lib/format";
import { cn } from "@/lib/cn";

export interface ChartDay {
  name: string;
  /** The tooltip of the day: parts and total. Leave out when `ChartTips` shows them. */
  title?: string;
  /** One value a series, in stacking order from the baseline. */
  values: number[];
}

interface Props {
  label: string;
  days: ChartDay[];
  /** Whether the last day is today. */
  today?: boolean;
  /** The totals of the period before, drawn as a line over each bar. */
  before?: (number | null)[] | undefined;
  /** Height of the drawing in pixels. */
  height?: number;
  /** The label of a grid line. */
  format: (value: number) => string;
}

const AXIS = 22;
const TOP = 8;

/** Stacked bars, one a day or hour, at most nine series; bars and grid are SVG, so that no figure needs a style attribute. */
export function DayChart({ label, days, today = true, before = [], height = 292, format }: Props) {
  const base = height - AXIS;
  const totals = days.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const highest = Math.max(...totals, ...before.map((value) => value ?? 0), 0);
  const step = gridStep(highest, height < 200 ? 2 : 3);
  const top = Math.max(highest, 1);
  const y = (value: number) => base - (value / top) * (base - TOP);
  const width = 100 / days.length;
  const steps = Array.from({ length: Math.floor(highest / step) }, (_, i) => step * (i + 1));
  // Amounts below a cent have long labels.
  const isWide = steps.some((value) => format(value).length > 6);
  const every = days.length <= 10 ? 1 : days.length <= 24 ? 4 : days.length <= 31 ? 7 : 21;
  // Few bars are no slabs.
  const share = Math.min(0.72, 0.09 * days.length);
  return (
    <svg
      role="img"
      aria-label={label}
      height={height}
      className={cn(
        "overflow-visible [&_text]:fill-muted [&_text]:text-xs [&_text]:tabular-nums",
        isWide ? "w-[calc(100%-76px)]" : "w-[calc(100%-40px)]",
      )}
    >
      <line x1="0" x2="100%" y1={base} y2={base} className="stroke-line-strong" />
      {steps.map((value) => (
        <g key={value}>
          <line x1="0" x2="100%" y1={y(value)} y2={y(value)} className="stroke-line" />
          <text x="100%" dx={isWide ? 76 : 40} y={y(value) + 4} textAnchor="end">
            {format(value)}
          </text>
        </g>
      ))}
      {days.map(({ name, title, values }, i) => (
        <g key={name} className="group">
          {title === undefined ? null : <title>{title}</title>}
          <rect
            x={percent(i * width)}
            width={percent(width)}
            y={TOP}
            height={base - TOP}
            className="fill-transparent group-hover:fill-hover"
          />
          {stack(values).map(({ from, to, series }) => (
            <rect
              key={series}
              x={percent((i + (1 - share) / 2) * width)}
              width={percent(share * width)}
              y={y(to)}
              height={Math.max(0.75, y(from) - y(to) - 1)}
              className={cn(
                FILLS[series],
                "forced-colors:fill-[CanvasText] forced-colors:stroke-[Canvas]",
              )}
            />
          ))}
          {before[i] ? (
            <rect
              x={percent((i + (1 - share) / 2) * width)}
              width={percent(share * width)}
              y={y(before[i] ?? 0) - 1}
              height="2"
              className="fill-muted"
            />
          ) : null}
          {i === days.length - 1 ? (
            <text x={percent((i + 0.86) * width)} y={height - 4} textAnchor="end">
              {today ? "Today" : name}
            </text>
          ) : i % every === 0 && days.length - i > every / 2 ? (
            <text x={percent((i + 0.14) * width)} y={height - 4}>
              {name}
            </text>
          ) : null}
        </g>
      ))}
    </svg>
  );
}

const FILLS = [
  "fill-chart-1",
  "fill-chart-2",
  "fill-chart-3",
  "fill-chart-4",
  "fill-chart-5",
  "fill-chart-6",
  "fill-chart-7",
  "fill-chart-8",
  "fill-chart-other",
];
const KEYS = [
  "bg-chart-1",
  "bg-chart-2",
  "bg-chart-3",
  "bg-chart-4",
  "bg-chart-5",
  "bg-chart-6",
  "bg-chart-7",
  "bg-chart-8",
  "bg-chart-other",
];
/** The colors of a chart; the last one is shared by all other series. */
export const SERIES_MAX = FILLS.length;

/** The legend of a chart, by color; a color without a series has an empty name. */
export function ChartLegend({ names }: { names: string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {names.map((name, series) =>
        name === "" ? null : (
          <li key={name} className="whitespace-nowrap">
            <ChartKey series={series} />
            {name}
          </li>
        ),
      )}
    </ul>
  );
}

/** The tint of a series, shown next to its name. */
export function ChartKey({ series }: { series: number }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "mr-2 inline-block size-[9px] rounded-[2px] forced-color-adjust-none",
        KEYS[series],
      )}
    />
  );
}

const percent = (value: number) => `${value.toFixed(3)}%`;

function stack(values: number[]) {
  let from = 0;
  return values.flatMap((value, series) => {
    const part = { from, to: from + value, series };
    from = part.to;
    return value > 0 ? [part] : [];
  });
}
