import { Amount } from "@/components/ui/amount";
import { Table, Td, Th } from "@/components/ui/table";
import { formatSize, splitUsd } from "@/lib/format";

export interface PriceRow {
  id: string;
  name: string;
  provider: string;
  /** Nano-credits per million tokens; null where the provider has no such price. */
  input: number;
  cacheRead: number | null;
  output: number;
  context: number;
}

/** An excerpt of the price list. */
export function PriceTable({ rows }: { rows: PriceRow[] }) {
  const pad = {
    input: decimals(rows.map((row) => row.input)),
    cacheRead: decimals(rows.map((row) => row.cacheRead)),
    output: decimals(rows.map((row) => row.output)),
  };
  return (
    <Table
      size="page"
      edge="flush"
      caption={`Prices of ${rows.length} models, in US dollars per million tokens`}
    >
      <thead>
        <tr>
          <Th>Model</Th>
          <Th wide>Model id</Th>
          <Th wide>Provider</Th>
          <Th num>Input</Th>
          <Th num wide>
            Cached input
          </Th>
          <Th num>Output</Th>
          <Th num>Context</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <Td>{row.name}</Td>
            <Td wide muted>
              <code className="font-mono">{row.id}</code>
            </Td>
            <Td wide muted>
              {row.provider}
            </Td>
            <Td num>
              <Price nano={row.input} pad={pad.input} />
            </Td>
            <Td num wide>
              <Price nano={row.cacheRead} pad={pad.cacheRead} />
            </Td>
            <Td num>
              <Price nano={row.output} pad={pad.output} />
            </Td>
            <Td num muted>
              {formatSize(row.context)}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

export function Price({ nano, pad }: { nano: number | null; pad: number }) {
  return nano === null ? (
    <span className="text-muted">—</span>
  ) : (
    <Amount as="price" nano={nano} pad={pad} />
  );
}

/** How many decimals the longest price of a column has, so that the others can line up with it. */
export function decimals(prices: (number | null)[]): number {
  return Math.max(
    2,
    ...prices.map((price) => (price === null ? 0 : splitUsd(price, 2).part.length)),
  );
}
