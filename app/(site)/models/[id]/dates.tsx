import Link from "next/link";
import { findModel } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { formatDay } from "@/lib/format";
import { FactTable, type FactRow } from "./fact-table";

const day = (date: string) => formatDay(new Date(date));

/** When a model was released, when its price began, and when it ends. */
export function Dates({ model, since }: { model: Model; since: string }) {
  const { released, retires, replacedBy, servedAs } = model;
  const rows: FactRow[] = [
    ["Released", day(released)],
    ["Price in force since", day(since)],
    ["Ends", retires === undefined ? "No date announced" : `${day(retires)}, 00:00 UTC`],
    ...(replacedBy === undefined
      ? []
      : ([["Replaced by", <ModelLink key="by" id={replacedBy} />]] satisfies FactRow[])),
    ...(servedAs === undefined
      ? []
      : ([
          [
            "Served as",
            <span key="as">
              <ModelLink id={servedAs.model} />, from {day(servedAs.from)}
            </span>,
          ],
        ] satisfies FactRow[])),
  ];
  return <FactTable caption="Dates of the model" rows={rows} />;
}

function ModelLink({ id }: { id: string }) {
  return (
    <Link href={`/models/${id}`} className="link">
      {findModel(id)?.name ?? id}
    </Link>
  );
}
