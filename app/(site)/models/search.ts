import { z } from "zod";
import { ModelKind } from "@/lib/catalog/schema";
import { providerIds } from "@/lib/providers";
import { ABILITIES, type PricedModel } from "../../catalog";

export const SortOrder = z.enum(["provider", "name", "context", "input", "cached", "output"]);
export type SortOrder = z.infer<typeof SortOrder>;

const one = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z.string().optional(),
);

/** The state of the page, which is all in its address. What does not parse counts as not given. */
export const ModelSearch = z.object({
  q: one.pipe(z.string().trim().max(80).catch("")).catch(""),
  provider: one.pipe(z.enum(["all", ...providerIds()])).catch("all"),
  kind: one.pipe(ModelKind).catch("text"),
  ability: one.pipe(z.enum(["any", ...ABILITIES])).catch("any"),
  sort: one.pipe(SortOrder).catch("provider"),
  order: one.pipe(z.enum(["asc", "desc"])).catch("asc"),
});
export type ModelSearch = z.infer<typeof ModelSearch>;

/** The address of a state; what is the default is left out. */
export function addressOf(search: ModelSearch, path = "/models"): string {
  const params = new URLSearchParams();
  if (search.q !== "") params.set("q", search.q);
  if (search.provider !== "all") params.set("provider", search.provider);
  if (search.kind !== "text") params.set("kind", search.kind);
  if (search.ability !== "any") params.set("ability", search.ability);
  if (search.sort !== "provider") params.set("sort", search.sort);
  if (search.order !== "asc") params.set("order", search.order);
  return params.size === 0 ? path : `${path}?${params}`;
}

export function matching(
  models: PricedModel[],
  { q, provider, kind, ability }: ModelSearch,
): PricedModel[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter(
    (model) =>
      model.kind === kind &&
      (provider === "all" || model.provider === provider) &&
      (ability === "any" || model.abilities.includes(ability)) &&
      words.every((word) =>
        `${model.id} ${model.name} ${model.provider}`.toLowerCase().includes(word),
      ),
  );
}

/** Models without the figure that is sorted by come last, whichever way. */
export function sorted(models: PricedModel[], { sort, order }: ModelSearch): PricedModel[] {
  if (sort === "provider") return models;
  const way = order === "asc" ? 1 : -1;
  if (sort === "name")
    return models.toSorted((a, b) => way * a.name.localeCompare(b.name, "en", { numeric: true }));
  const figure = (model: PricedModel) => (sort === "cached" ? model.cacheRead : model[sort]);
  return models.toSorted((a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return way * (x - y);
  });
}
