import { formatUsd } from "@/lib/format";
import { listKnownModels } from "./queries";
import type { Model, Price, TokenRates } from "./schema";

/** Something that changes in what can be called or what it costs, on a day. */
export type CatalogEvent = {
  /** Stays the same for as long as the fact does. */
  id: string;
  on: string;
  kind: "released" | "price" | "retires" | "redirect" | "alias";
  model: Pick<Model, "id" | "name" | "provider">;
  /** One sentence. */
  text: string;
};

/** Everything that the catalog knows to have changed since a day, and what is announced, the newest day first. */
export function listChanges({ since, at }: { since: string; at?: Date }): CatalogEvent[] {
  return listKnownModels(at)
    .flatMap(eventsOf)
    .filter(({ on }) => on >= since)
    .sort(
      (a, b) =>
        b.on.localeCompare(a.on) ||
        a.model.id.localeCompare(b.model.id) ||
        a.kind.localeCompare(b.kind),
    );
}

function eventsOf(model: Model): CatalogEvent[] {
  const {
    id,
    name,
    provider,
    released: releaseDay,
    retires,
    replacedBy,
    servedAs,
    aliases,
    prices,
  } = model;
  const event = (
    kind: CatalogEvent["kind"],
    on: string,
    text: string,
    detail = "",
  ): CatalogEvent => ({
    id: [id, kind, on, detail].filter(Boolean).join("/"),
    on,
    kind,
    text,
    model: { id, name, provider },
  });
  const instead = replacedBy === undefined ? "" : ` Send ${replacedBy} instead.`;
  return [
    event("released", releaseDay, `${name} can be called.`),
    ...(retires === undefined ? [] : [event("retires", retires, `${name} ends.${instead}`)]),
    ...(servedAs ? [event("redirect", servedAs.from, redirectText(name, servedAs))] : []),
    ...aliases.flatMap(({ id: alias, from }) =>
      from === undefined || from === releaseDay
        ? []
        : [event("alias", from, `${alias} means ${id}.`, alias)],
    ),
    ...prices.slice(1).flatMap((price, index) => {
      const before = prices[index];
      return before ? [event("price", price.from, priceText(name, before, price))] : [];
    }),
  ];
}

const redirectText = (name: string, { model, billedAs }: NonNullable<Model["servedAs"]>) =>
  billedAs === "served"
    ? `Requests for ${name} are served by ${model}, at its price.`
    : `Requests for ${name} are served by ${model}; they are charged as the model that the response names.`;

const WORDS: [keyof TokenRates, string][] = [
  ["input", "input"],
  ["cacheRead", "cached input"],
  ["output", "output"],
];

function priceText(name: string, before: Price, after: Price): string {
  const parts = WORDS.flatMap(([unit, word]) => {
    const [was, is] = [before.rates[unit] ?? 0, after.rates[unit] ?? 0];
    return was === is ? [] : [`${word} ${formatUsd(was)} to ${formatUsd(is)}`];
  });
  return `The price of ${name} changes for a million tokens: ${parts.join(", ") || "other units"}.`;
}
