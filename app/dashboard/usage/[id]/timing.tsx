import { Section } from "@/components/dashboard/section";
import { FigureStrip } from "@/components/ui/figure-strip";
import { formatCount, formatDuration } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { UsageRow } from "@/lib/usage/schema";

/** The first byte and what followed, as one bar and as an equation that holds. */
export function Timing({ row }: { row: UsageRow }) {
  const { latencyMs, firstByteMs, tokens, provider } = row;
  if (firstByteMs === null)
    return (
      <Section title="Time">
        <FigureStrip
          figures={[
            { term: "Total", figure: formatDuration(latencyMs), note: "no byte came back" },
          ]}
        />
      </Section>
    );
  const streamMs = Math.max(0, latencyMs - firstByteMs);
  const share = latencyMs === 0 ? 100 : (firstByteMs / latencyMs) * 100;
  const speed = streamMs > 50 && tokens.output > 1 ? tokens.output / (streamMs / 1000) : null;
  return (
    <Section title="Time">
      <svg
        role="img"
        aria-label={`${formatDuration(firstByteMs)} to the first byte, ${formatDuration(streamMs)} after it`}
        height="16"
        className="w-full"
      >
        <rect width={`${share}%`} height="16" className="fill-chart-2" />
        <rect
          x={`${share}%`}
          width={`${Math.max(0, 100 - share)}%`}
          height="16"
          className="fill-chart-1"
        />
      </svg>
      <FigureStrip
        figures={[
          {
            term: "First byte",
            figure: formatDuration(firstByteMs),
            note: `from arrival to the first byte of ${providerName(provider)}`,
          },
          {
            term: row.stream ? "Stream" : "Rest of the response",
            figure: formatDuration(streamMs),
            operator: "+",
            note:
              speed === null
                ? `${formatCount(tokens.output)} tokens`
                : `${formatCount(tokens.output)} tokens, ${speed.toFixed(1)} a second`,
          },
          {
            term: "Total",
            figure: formatDuration(latencyMs),
            operator: "=",
            note: "from arrival to last byte",
          },
        ]}
      />
    </Section>
  );
}
