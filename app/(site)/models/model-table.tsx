import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { decimals, Price } from "@/components/site/price-table";
import { Badge } from "@/components/ui/badge";
import { CopyId } from "@/components/ui/copy-id";
import { GroupRow, Sub, Table, Td, Th } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { formatDay, formatSize } from "@/lib/format";
import { providerIds, providerName } from "@/lib/providers";
import { abilityNames, type PricedModel } from "../../catalog";
import { pathsOf } from "./paths";
import { addressOf, type ModelSearch, type SortOrder } from "./search";

interface Props {
  models: PricedModel[];
  search: ModelSearch;
  /** The page that the list is on. */
  path: string;
}

/** The price list, by provider unless another order was asked for. */
export function ModelTable({ models, search, path }: Props) {
  const isGrouped = search.sort === "provider";
  const pad = {
    input: decimals(models.map((model) => model.input)),
    cached: decimals(models.map((model) => model.cacheRead)),
    output: decimals(models.map((model) => model.output)),
  };
  const rows = (some: PricedModel[]) =>
    some.map((model) => <Row key={model.id} model={model} pad={pad} hasProvider={!isGrouped} />);
  return (
    <Table
      size="page"
      edge="flush"
      hover
      caption={`${models.length} models and their prices, in US dollars per million tokens`}
    >
      <thead>
        <tr>
          <SortHead sort="name" search={search} path={path}>
            Model
          </SortHead>
          <Th wide>Abilities</Th>
          <SortHead sort="context" search={search} path={path} num wide>
            Context
          </SortHead>
          <Th num wide>
            Max output
          </Th>
          <SortHead sort="input" search={search} path={path} num>
            Input
          </SortHead>
          <SortHead sort="cached" search={search} path={path} num wide>
            Cached input
          </SortHead>
          <SortHead sort="output" search={search} path={path} num>
            Output
          </SortHead>
        </tr>
      </thead>
      {isGrouped ? (
        providerIds().map((provider) => {
          const providerModels = models.filter((model) => model.provider === provider);
          return providerModels.length === 0 ? null : (
            <tbody key={provider}>
              <GroupRow title={providerName(provider)} note={pathsOf(providerModels)} columns={7} />
              {rows(providerModels)}
            </tbody>
          );
        })
      ) : (
        <tbody>{rows(models)}</tbody>
      )}
    </Table>
  );
}

interface RowProps {
  model: PricedModel;
  pad: { input: number; cached: number; output: number };
  /** Says whose model it is, where no group row does. */
  hasProvider: boolean;
}

function Row({ model, pad, hasProvider }: RowProps) {
  const { long } = model;
  return (
    <tr>
      <Td>
        <Link
          href={`/models/${model.id}`}
          prefetch={false}
          className="hover:underline hover:underline-offset-3"
        >
          {model.name}
        </Link>
        {model.retires === null ? null : (
          <Badge className="ml-2">ends {formatDay(new Date(model.retires))}</Badge>
        )}
        <Sub>
          <code className="font-mono wrap-anywhere">{model.id}</code>
          <CopyId id={model.id} />
          {hasProvider ? <span> · {providerName(model.provider)}</span> : null}
        </Sub>
        {model.units.length === 0 ? null : <Sub>{model.units.join(", ")}</Sub>}
      </Td>
      <Td wide>
        <span className="flex max-w-60 flex-wrap gap-1">
          {model.abilities.map((ability) => (
            <Badge key={ability} tone="neutral">
              {abilityNames[ability].replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}
            </Badge>
          ))}
        </span>
      </Td>
      <Td num wide>
        {formatSize(model.context)}
        {long === null ? null : <Sub>above {formatSize(long.above)} in</Sub>}
      </Td>
      <Td num wide>
        {model.maxOutput === null ? (
          <span className="text-muted">—</span>
        ) : (
          formatSize(model.maxOutput)
        )}
      </Td>
      <Td num>
        <Price nano={model.input} pad={pad.input} />
        <Second nano={long?.input} pad={pad.input} />
      </Td>
      <Td num wide>
        <Price nano={model.cacheRead} pad={pad.cached} />
        <Second nano={long?.cacheRead} pad={pad.cached} />
      </Td>
      <Td num>
        <Price nano={model.output} pad={pad.output} />
        <Second nano={long?.output} pad={pad.output} />
      </Td>
    </tr>
  );
}

function Second({ nano, pad }: { nano: number | null | undefined; pad: number }) {
  return nano === undefined ? null : (
    <Sub>
      <Price nano={nano} pad={pad} />
    </Sub>
  );
}

interface SortHeadProps {
  sort: SortOrder;
  search: ModelSearch;
  path: string;
  num?: boolean;
  wide?: boolean;
  children: ReactNode;
}

/** A column's name that sorts by it; pressed again the other way, and a third time back to the provider's order. */
function SortHead({ sort, search, path, num, wide, children }: SortHeadProps) {
  const isCurrent = search.sort === sort;
  const next: ModelSearch = !isCurrent
    ? { ...search, sort, order: "asc" }
    : search.order === "asc"
      ? { ...search, order: "desc" }
      : { ...search, sort: "provider", order: "asc" };
  const Arrow = search.order === "asc" ? ArrowUp : ArrowDown;
  return (
    <Th
      num={num}
      wide={wide}
      aria-sort={isCurrent ? (search.order === "asc" ? "ascending" : "descending") : undefined}
    >
      <Link
        href={addressOf(next, path)}
        replace
        scroll={false}
        prefetch={false}
        className={cn("inline-flex items-center gap-1 hover:text-text", isCurrent && "text-text")}
      >
        {children}
        {isCurrent ? <Arrow aria-hidden="true" className="size-3.5 stroke-[1.75]" /> : null}
      </Link>
    </Th>
  );
}
