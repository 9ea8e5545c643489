import type { ReactNode } from "react";
import { Table, Td, Th } from "@/components/ui/table";

export type FactRow = [name: string, value: ReactNode];

/** Facts of a model, one a row. Without `title` the columns have names that only screen readers read. */
export function FactTable({
  caption,
  title,
  rows,
}: {
  caption: string;
  title?: string;
  rows: FactRow[];
}) {
  return (
    <Table size="page" edge="flush" caption={caption}>
      <thead className={title === undefined ? "sr-only" : undefined}>
        <tr>
          <Th>{title ?? "Fact"}</Th>
          <Th>
            <span className="sr-only">Value</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <Td muted className="w-2/5">
              {name}
            </Td>
            <Td>{value}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
