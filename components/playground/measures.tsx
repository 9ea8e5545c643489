import { Link } from "@/components/ui/link";
import { Amount } from "@/components/ui/amount";
import { formatCount, formatDuration } from "@/lib/format";
import type { Answer } from "./conversation";

/** Tokens a second after the first one; null while it cannot be known. */
function speedOf({ row, firstTokenMs, totalMs }: Answer): number | null {
  if (!row || firstTokenMs === undefined || totalMs === undefined) return null;
  const seconds = (totalMs - firstTokenMs) / 1000;
  return seconds > 0.005 && row.output > 1 ? Math.round(row.output / seconds) : null;
}

/** Time, speed, tokens and cost of an answer, and a link to its row. */
export function Measures({ answer, isColumn }: { answer: Answer; isColumn: boolean }) {
  const { row, firstTokenMs, totalMs, state } = answer;
  const speed = speedOf(answer);
  const figures: [string, React.ReactNode][] = [
    ["First token", firstTokenMs === undefined ? null : formatDuration(firstTokenMs)],
    ["Speed", speed === null ? null : `${formatCount(speed)} tokens/s`],
    ["Total", totalMs === undefined ? null : formatDuration(totalMs)],
    ["In", row ? formatCount(row.input) : null],
    ["Out", row ? formatCount(row.output) : null],
    [
      "Cost",
      row ? (
        <>
          {row.free ? <span className="text-muted">free, worth </span> : null}
          <Amount nano={row.cost} as="request" />
          {row.estimated ? <span className="text-muted"> estimated</span> : null}
        </>
      ) : null,
    ],
  ];
  const knownFigures = figures.filter(([, figure]) => figure !== null);
  if (knownFigures.length === 0) return null;
  return (
    <div className="grid gap-1 border-t border-line pt-2 text-sm">
      <dl className={isColumn ? "grid gap-1" : "flex flex-wrap gap-x-5 gap-y-1"}>
        {knownFigures.map(([name, figure]) => (
          <div key={name} className={isColumn ? "flex justify-between gap-3" : "flex gap-1.5"}>
            <dt className="text-muted">{name}</dt>
            <dd className="tabular-nums">{figure}</dd>
          </div>
        ))}
      </dl>
      {row ? (
        <p className="flex flex-wrap justify-between gap-x-4 text-muted tabular-nums">
          <span>{isColumn ? null : row.sum}</span>
          <Link
            href={`/dashboard/usage/${row.id}`}
            prefetch={false}
            className="link font-mono text-xs"
          >
            {row.id.slice(0, 12)}…<span className="sr-only"> (row of this request)</span>
          </Link>
        </p>
      ) : state === "running" ? null : (
        <p className="text-muted">The row appears under Usage once it is settled.</p>
      )}
    </div>
  );
}
