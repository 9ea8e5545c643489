import { Amount } from "@/components/ui/amount";
import { ChartKey } from "@/components/ui/day-chart";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, splitUsd } from "@/lib/format";
import type { UsageFigures } from "@/lib/usage/schema";
import { cachedTokens, sumOf, valueOf, type SeriesGroup } from "./series";
import type { UsageSearch } from "./search";

/** The chart's legend with the totals of each model or project. */
export function GroupTable({ groups, search }: { groups: SeriesGroup[]; search: UsageSearch }) {
  const total = sumOf(groups);
  const totalValue = valueOf(total, search.measure);
  const pad = Math.max(...[total, ...groups].map(({ cost }) => splitUsd(cost).part.length));
  const share = (figures: UsageFigures) =>
    totalValue === 0
      ? "—"
      : `${((valueOf(figures, search.measure) / totalValue) * 100).toFixed(1)}%`;
  const cells = (figures: UsageFigures) => (
    <>
      <Td num>{formatCount(figures.requests)}</Td>
      <Td num wide>
        {formatCount(figures.tokens.input)}
      </Td>
      <Td num wide>
        {formatCount(cachedTokens(figures))}
      </Td>
      <Td num wide>
        {formatCount(figures.tokens.output)}
      </Td>
      <Td num>
        <Amount nano={figures.cost} pad={pad} />
      </Td>
      <Td num wide>
        {share(figures)}
      </Td>
    </>
  );
  return (
    <div className="grid gap-2">
      <Table edge="flush" caption={`Totals by ${search.by}`}>
        <thead>
          <tr>
            <Th>{search.by === "model" ? "Model" : "Project"}</Th>
            <Th num>Requests</Th>
            <Th num wide>
              Input
            </Th>
            <Th num wide>
              Cached input
            </Th>
            <Th num wide>
              Output
            </Th>
            <Th num>Cost</Th>
            <Th num wide>
              Share
            </Th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <Td className="wrap-anywhere">
                <ChartKey series={group.series} />
                {group.name}
                {group.free === 0 ? null : (
                  <Sub className="pl-[17px]">{formatCount(group.free)} free</Sub>
                )}
              </Td>
              {cells(group)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <Td>Total</Td>
            {cells(total)}
          </tr>
        </tfoot>
      </Table>
      {total.free === 0 ? null : (
        <p className="text-sm text-muted">
          {formatCount(total.free)} free {total.free === 1 ? "request is" : "requests are"} included
          in the counts but not in the cost. At list price {total.free === 1 ? "it is" : "they are"}{" "}
          worth <Amount nano={total.freeCost} as="request" className="text-muted" />.
        </p>
      )}
    </div>
  );
}
