import { Amount } from "@/components/ui/amount";
import { FigureStrip, type StripFigure } from "@/components/ui/figure-strip";
import { formatCount, formatSize, formatUsd } from "@/lib/format";
import type { ChannelCell } from "@/lib/usage/figures";
import { addFigures, isError, isProviderError, noFigures } from "@/lib/usage/schema";

export function Today({ cells }: { cells: ChannelCell[] }) {
  const all = noFigures();
  for (const cell of cells) addFigures(all, cell);
  const { tokens } = all;
  const input = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
  const errors = countOf(cells, isError);
  const figures: StripFigure[] = [
    {
      term: "Requests today",
      figure: formatCount(all.requests),
      note: `${formatCount(errors)} ${errors === 1 ? "error" : "errors"}, ${formatCount(all.free)} free`,
    },
    {
      term: "Tokens",
      figure: formatSize(input + tokens.output),
      note: `${formatCount(input)} in, ${formatCount(tokens.output)} out`,
    },
    {
      term: "Charged",
      figure: <Amount nano={all.cost} />,
      note: `free requests worth ${formatUsd(all.freeCost)}`,
    },
    {
      term: "Provider errors",
      figure: formatCount(countOf(cells, isProviderError)),
      note: "failed, cut off or too slow",
    },
  ];
  return <FigureStrip figures={figures} />;
}

export function countOf(
  cells: ChannelCell[],
  counts: (endedBy: ChannelCell["endedBy"]) => boolean,
): number {
  return cells.reduce((sum, { endedBy, requests }) => sum + (counts(endedBy) ? requests : 0), 0);
}
