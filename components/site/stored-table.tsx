import type { ReactNode } from "react";
import { Ring } from "@/components/ui/ring";
import { SourceLink } from "./source-link";
import { Sub, Table, Td, Th } from "@/components/ui/table";

export interface StoredRow {
  topic?: string;
  stored: ReactNode;
  never: ReactNode;
  file: string;
  /** Where that file can be read. */
  href: string;
  /** What there is to see in that file. */
  proof?: string;
}

/** Stored, never stored, where to check. Turns into labelled blocks on phones. */
export function StoredTable({ rows, quiet = false }: { rows: StoredRow[]; quiet?: boolean }) {
  return (
    <Table
      size="page"
      edge="flush"
      className="max-md:block max-md:[&_:is(tbody,tr,td)]:block max-md:[&_td]:border-0 max-md:[&_td]:px-0 max-md:[&_td]:pt-0.5 max-md:[&_td]:pb-0.5 max-md:[&_td+td]:pt-2 max-md:[&_thead]:hidden max-md:[&_tr]:border-b max-md:[&_tr]:border-line max-md:[&_tr]:py-3 [&_th]:font-strong [&_th]:text-text"
    >
      <thead>
        <tr>
          <Th>
            <Ring full />
            Stored
          </Th>
          <Th>
            <Ring />
            Never stored
          </Th>
          <Th>Where to check</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ topic, stored, never, file, href, proof }) => (
          <tr key={topic ?? file + String(stored)}>
            <Td className="w-1/3 max-md:w-auto">
              {topic === undefined ? null : <b className="block font-medium">{topic}</b>}
              {stored}
            </Td>
            <Td className="w-1/3 max-md:w-auto">
              <Label>Never stored</Label>
              {never}
            </Td>
            <Td>
              <Label>Where to check</Label>
              <SourceLink file={file} href={href} quiet={quiet} />
              {proof === undefined ? null : <Sub>{proof}</Sub>}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The column's name, where there is no head to say it. */
function Label({ children }: { children: string }) {
  return <span className="block text-xs/5 text-muted md:hidden">{children}</span>;
}
