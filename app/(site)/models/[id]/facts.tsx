import { Check } from "lucide-react";
import { ABILITIES, abilityNames, type PricedModel } from "@/app/catalog";
import type { Model } from "@/lib/catalog/schema";
import { formatCount } from "@/lib/format";
import { providerRecord } from "@/lib/providers";
import { endpointPaths } from "../paths";
import { FactTable, type FactRow } from "./fact-table";

/** What a model can do, and its limits. */
export function Facts({ model, pricing }: { model: Model; pricing: PricedModel }) {
  const abilities: FactRow[] = ABILITIES.map((ability) => [
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
  const limits: FactRow[] = [
    ["Context", `${formatCount(model.context)} tokens`],
    ...(pricing.maxOutput === null || model.kind !== "text"
      ? []
      : ([["Maximum output", `${formatCount(pricing.maxOutput)} tokens`]] satisfies FactRow[])),
    ["Endpoints", <Ids key="endpoints" ids={endpointPaths(model)} />],
    ...(model.aliases.length > 0
      ? ([
          ["Also called", <Ids key="aliases" ids={model.aliases.map((alias) => alias.id)} />],
        ] satisfies FactRow[])
      : []),
    ...(pricing.units.length > 0
      ? ([["Other prices", pricing.units.join(", ")]] satisfies FactRow[])
      : []),
    ["Trains on API data", providerRecord(model.provider).policy.trains],
  ];
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-8 md:grid-cols-2">
      {model.kind === "text" ? (
        <FactTable caption="Abilities" title="Abilities" rows={abilities} />
      ) : null}
      <FactTable caption="Limits" title="Limits" rows={limits} />
    </div>
  );
}

function Ids({ ids }: { ids: string[] }) {
  return ids.map((id) => (
    <code key={id} className="block w-fit font-mono text-sm wrap-anywhere">
      {id}
    </code>
  ));
}
