import type { ReactNode } from "react";
import { Check } from "lucide-react";
import { ABILITIES, abilityNames, type PricedModel } from "@/app/catalog";
import { Table, Td, Th } from "@/components/ui/table";
import type { Model } from "@/lib/catalog/schema";
import { formatCount } from "@/lib/format";
import { providerRecord } from "@/lib/providers";
import { endpointPaths } from "../paths";

/** What a model can do, and its limits. */
export function Facts({ model, pricing }: { model: Model; pricing: PricedModel }) {
  const abilities: [string, ReactNode][] = ABILITIES.map((ability) => [
    abilityNames[ability],
    pricing.abilities.includes(ability) ? (
      <span key={ability} className="inline-flex items-center gap-1.5">
        <Check aria-hidden="true" className="size-4 text-success" />
        Yes
      </span>
    ) : (
      <span key={ability} className="text-muted">
        No
      </span>
    ),
  ]);
  const limits: [string, ReactNode][] = [
    ["Context", `${formatCount(model.context)} tokens`],
    ...(pricing.maxOutput === null || model.kind !== "text"
      ? []
      : ([["Maximum output", `${formatCount(pricing.maxOutput)} tokens`]] as [
          string,
          ReactNode,
        ][])),
    ["Endpoints", <Ids key="endpoints" ids={endpointPaths(model)} />],
    ...(model.aliases.length > 0
      ? ([["Also called", <Ids key="aliases" ids={model.aliases.map((alias) => alias.id)} />]] as [
          string,
          ReactNode,
        ][])
      : []),
    ...(pricing.units.length > 0
      ? ([["Other prices", pricing.units.join(", ")]] as [string, ReactNode][])
      : []),
    ["Trains on API data", providerRecord(model.provider).policy.trains],
  ];
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-8 md:grid-cols-2">
      {model.kind === "text" ? <FactTable title="Abilities" rows={abilities} /> : null}
      <FactTable title="Limits" rows={limits} />
    </div>
  );
}

function FactTable({ title, rows }: { title: string; rows: [string, ReactNode][] }) {
  return (
    <Table size="page" edge="flush" caption={title}>
      <thead>
        <tr>
          <Th>{title}</Th>
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

function Ids({ ids }: { ids: string[] }) {
  return ids.map((id) => (
    <code key={id} className="block w-fit font-mono text-sm wrap-anywhere">
      {id}
    </code>
  ));
}
