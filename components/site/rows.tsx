import type { ReactNode } from "react";
import { Table, Td, Th } from "@/components/ui/table";

interface Props {
  /** For screen readers. */
  caption: string;
  heads: string[];
  rows: ReactNode[][];
}

/** A plain table of a text page. On phones each row is a block that begins with its first cell. */
export function Rows({ caption, heads, rows }: Props) {
  return (
    <Table
      size="page"
      edge="flush"
      caption={caption}
      className="max-md:block max-md:[&_:is(tbody,tr,td)]:block max-md:[&_td]:border-0 max-md:[&_td]:p-0 max-md:[&_thead]:hidden max-md:[&_tr]:border-b max-md:[&_tr]:border-line max-md:[&_tr]:py-3"
    >
      <thead>
        <tr>
          {heads.map((head) => (
            <Th key={head}>{head}</Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((cell, index) => (
              <Td
                key={heads[index]}
                className={index === 0 ? "md:min-w-44 md:pr-8 max-md:font-medium" : "tabular-nums"}
              >
                {cell}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
