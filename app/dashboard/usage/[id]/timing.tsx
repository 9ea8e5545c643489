import { Section } from "@/components/dashboard/section";
import { FigureStrip } from "@/components/ui/figure-strip";
import { cn } from "@/lib/cn";
import { formatCount, formatSeconds } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { UsageRow } from "@/lib/usage/schema";

/** The tints of OneKey, the first byte and the rest. */
const KEYS = { own: "bg-text", wait: "bg-chart-2", rest: "bg-chart-1" };
const FILLS = { own: "fill-text", wait: "fill-chart-2", rest: "fill-chart-1" };

interface TimePart {
  tint: keyof typeof FILLS;
  term: string;
  milliseconds: number;
  note: string;
}

/** Where the time of a request went, as one bar and as an equation that holds to the millisecond. */
export function Timing({ row }: { row: UsageRow }) {
  const { latencyMs, firstByteMs } = row;
  const parts = partsOf(row);
  return (
    <Section title="Time">
      {parts.length > 1 && latencyMs > 0 ? <TimeBar parts={parts} total={latencyMs} /> : null}
      <FigureStrip
        figures={[
          ...(parts.length > 1 ? parts : []).map(({ tint, term, milliseconds, note }, index) => ({
            term: (
              <>
                <span
                  aria-hidden="true"
                  className={cn(
                    "mr-2 inline-block size-[9px] rounded-[2px] forced-color-adjust-none",
                    KEYS[tint],
                  )}
                />
                {term}
              </>
            ),
            id: term,
            figure: formatSeconds(milliseconds),
            note,
            ...(index === 0 ? {} : { operator: "+" as const }),
          })),
          {
            term: "Total",
            figure: formatSeconds(latencyMs),
            note: firstByteMs === null ? "no byte came back" : "from arrival to last byte",
            ...(parts.length > 1 ? { operator: "=" as const } : {}),
          },
        ]}
      />
    </Section>
  );
}

/** Rows of earlier versions do not say how long OneKey took: their first byte is from arrival. */
function partsOf({
  ownMs,
  firstByteMs,
  latencyMs,
  provider,
  stream,
  tokens,
}: UsageRow): TimePart[] {
  const parts: TimePart[] = [];
  const sentMs = Math.min(ownMs ?? 0, firstByteMs ?? latencyMs);
  if (ownMs !== undefined)
    parts.push({
      tint: "own",
      term: "In OneKey",
      milliseconds: sentMs,
      note: "your request, key, limits, hold",
    });
  const name = providerName(provider);
  if (firstByteMs === null)
    return ownMs === undefined
      ? parts
      : [
          ...parts,
          { tint: "wait", term: "Waiting", milliseconds: latencyMs - sentMs, note: `for ${name}` },
        ];
  parts.push({
    tint: "wait",
    term: "First byte",
    milliseconds: firstByteMs - sentMs,
    note:
      ownMs === undefined
        ? `from arrival to ${name}’s first byte`
        : `${name}, until its first byte`,
  });
  const restMs = Math.max(0, latencyMs - firstByteMs);
  const speed = restMs > 50 && tokens.output > 1 ? tokens.output / (restMs / 1000) : null;
  parts.push({
    tint: "rest",
    term: stream ? "Stream" : "Rest of the response",
    milliseconds: restMs,
    note: `${formatCount(tokens.output)} tokens${speed === null ? "" : `, ${speed.toFixed(1)} a second`}`,
  });
  return parts;
}

const STEPS_MS = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000];

function TimeBar({ parts, total }: { parts: TimePart[]; total: number }) {
  const percent = (milliseconds: number) => `${((milliseconds / total) * 100).toFixed(3)}%`;
  const step = STEPS_MS.find((value) => total / value <= 4) ?? total;
  // A tick right before the end would be under the total.
  const ticks = Array.from({ length: Math.floor((total * 0.85) / step) + 1 }, (_, i) => i * step);
  const starts = parts.map((_, index) =>
    parts.slice(0, index).reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  );
  const text = parts.map(({ term, milliseconds }) => `${formatSeconds(milliseconds)} ${term}`);
  return (
    <svg
      role="img"
      aria-label={`${text.join(", ")}, ${formatSeconds(total)} in all`}
      height="56"
      className="w-full overflow-visible [&_line]:stroke-line-strong [&_text]:fill-muted [&_text]:text-xs [&_text]:tabular-nums"
    >
      {parts.map(({ tint, term, milliseconds }, index) => (
        <rect
          key={term}
          x={percent(starts[index] ?? 0)}
          width={percent(milliseconds)}
          y="4"
          height="24"
          className={cn(
            FILLS[tint],
            "forced-colors:fill-[CanvasText] forced-colors:stroke-[Canvas]",
          )}
        />
      ))}
      <line x1="0" x2="100%" y1="34.5" y2="34.5" />
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={percent(tick)} x2={percent(tick)} y1="34" y2="39" />
          <text x={percent(tick)} y="52" textAnchor={tick === 0 ? "start" : "middle"}>
            {tick / 1_000} s
          </text>
        </g>
      ))}
      <line x1="100%" x2="100%" y1="34" y2="39" />
      <text x="100%" y="52" textAnchor="end">
        {formatSeconds(total)}
      </text>
    </svg>
  );
}
