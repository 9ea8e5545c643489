import Link from "next/link";
import type { ReactNode } from "react";
import { Table, Td, Th } from "@/components/ui/table";
import { findModel } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { formatDay } from "@/lib/format";

const day = (date: string) => formatDay(new Date(date));

/** When a model was released, when its price began, and when it ends. */
export function Dates({ model, since }: { model: Model; since: string }) {
  const { released, retires, replacedBy, servedAs } = model;
  const rows: [string, ReactNode][] = [
    ["Released", day(released)],
    ["Price in force since", day(since)],
    ["Ends", retires === undefined ? "No date announced" : `${day(retires)}, 00:00 UTC`],
    ...(replacedBy === undefined
      ? []
      : ([["Replaced by", <ModelLink key="by" id={replacedBy} />]] as [string, ReactNode][])),
    ...(servedAs === undefined
      ? []
      : ([
          [
            "Served as",
            <span key="as">
              <ModelLink id={servedAs.model} />, from {day(servedAs.from)}
            </span>,
          ],
        ] as [string, ReactNode][])),
  ];
  return (
    <Table size="page" edge="flush" caption="Dates of the model">
      <thead className="sr-only">
        <tr>
          <Th>What</Th>
          <Th>When</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <Td muted className="w-1/3">
              {name}
            </Td>
            <Td>{value}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function ModelLink({ id }: { id: string }) {
  return (
    <Link href={`/models/${id}`} className="link">
      {findModel(id)?.name ?? id}
    </Link>
  );
}
