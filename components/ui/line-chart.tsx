import { gridStep } from "@/lib/format";
import { cn } from "@/lib/cn";

export interface ChartLine {
  name: string;
  /** Null where there is no value. */
  values: (number | null)[];
  style: "strong" | "light" | "before";
}

interface Props {
  label: string;
  /** The name of each position on the axis. */
  names: string[];
  lines: ChartLine[];
  height?: number;
  format: (value: number) => string;
}

const AXIS = 22;
const TOP = 8;
const WIDTH = 1_000;

const strokes = {
  strong: "stroke-chart-1",
  light: "stroke-chart-2",
  before: "stroke-muted [stroke-dasharray:4_4]",
};
const dots = { strong: "fill-chart-1", light: "fill-chart-2", before: "fill-muted" };

/** Lines over hours or days; a position without a value interrupts its line. */
export function LineChart({ label, names, lines, height = 268, format }: Props) {
  const base = height - AXIS;
  const highest = Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), 0);
  const step = gridStep(highest, 3);
  const top = Math.max(highest, 0.000_001);
  const y = (value: number) => base - (value / top) * (base - TOP);
  const x = (index: number) => ((index + 0.5) / names.length) * WIDTH;
  const every = names.length <= 10 ? 1 : names.length <= 24 ? 4 : names.length <= 31 ? 7 : 21;
  return (
    <svg
      role="img"
      aria-label={label}
      height={height}
      className="w-[calc(100%-48px)] overflow-visible [&_text]:fill-muted [&_text]:text-xs [&_text]:tabular-nums"
    >
      <line x1="0" x2="100%" y1={base} y2={base} className="stroke-line-strong" />
      {Array.from({ length: Math.floor(highest / step) }, (_, i) => step * (i + 1)).map((value) => (
        <g key={value}>
          <line x1="0" x2="100%" y1={y(value)} y2={y(value)} className="stroke-line" />
          <text x="100%" dx="48" y={y(value) + 4} textAnchor="end">
            {format(value)}
          </text>
        </g>
      ))}
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        height={height}
        width="100%"
      >
        {lines.map(({ name, values, style }) => (
          <path
            key={name}
            d={pathOf(values, x, y)}
            fill="none"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
            className={cn(strokes[style], "forced-colors:stroke-[CanvasText]")}
          />
        ))}
      </svg>
      {lines.map(({ name, values, style }) =>
        style === "before"
          ? null
          : values.map((value, index) =>
              value === null ? null : (
                <circle
                  key={`${name} ${index}`}
                  cx={`${(x(index) / WIDTH) * 100}%`}
                  cy={y(value)}
                  r="2.5"
                  className={dots[style]}
                />
              ),
            ),
      )}
      {names.map((name, index) =>
        index % every === 0 || index === names.length - 1 ? (
          <text
            key={name}
            x={`${(x(index) / WIDTH) * 100}%`}
            y={height - 4}
            textAnchor={index === 0 ? "start" : index === names.length - 1 ? "end" : "middle"}
            className={
              index % every === 0 &&
              names.length - 1 - index < every / 2 &&
              index !== names.length - 1
                ? "hidden"
                : ""
            }
          >
            {name}
          </text>
        ) : null,
      )}
    </svg>
  );
}

function pathOf(
  values: (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let isOpen = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isOpen = false;
        return "";
      }
      const command = isOpen ? "L" : "M";
      isOpen = true;
      return `${command}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
}
