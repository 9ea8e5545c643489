import { z } from "zod";
import data from "./models.json" with { type: "json" };
import { ListedModel } from "./listed";
import { loadModel } from "./load";
import { problemsOf } from "./problems";
import retiredData from "./retired.json" with { type: "json" };
import { RetiredId, type Model } from "./schema";

/** The models of an instant, by every id that a provider takes for them. */
export type Catalog = {
  /** Names what it is made of: the built-in list, and the number of the last overlay that was applied to it. */
  version: string;
  models: Model[];
  byId: ReadonlyMap<string, readonly NamedModel[]>;
};
/** An id names a model from a day on; an alias that moved names several, newest first. */
export type NamedModel = { model: Model; from: string };

/** The day of the facts in `models.json`: change it with them. */
export const BUILT_IN_VERSION = "2026-11-30";

let builtIn: ListedModel[] | undefined;

/** The built-in list; an impossible entry throws, with its id and field, when the catalog is first used. */
export function builtInModels(): ListedModel[] {
  if (builtIn) return builtIn;
  const models = z.array(ListedModel).parse(data);
  const [problem] = problemsOf(models, { today: BUILT_IN_VERSION });
  if (problem)
    throw new Error(
      `The built-in catalog is wrong at ${problem.path.join(".")}: ${problem.message}`,
    );
  builtIn = models;
  return models;
}

export function buildCatalog({
  models,
  version,
}: {
  models: ListedModel[];
  version: string;
}): Catalog {
  const catalogModels = models.map(loadModel);
  const byId = new Map<string, NamedModel[]>();
  for (const model of catalogModels) {
    for (const { id, from = "" } of [{ id: model.id }, ...model.aliases] as {
      id: string;
      from?: string;
    }[]) {
      const models = [...(byId.get(id) ?? []), { model, from }];
      byId.set(
        id,
        models.sort((a, b) => b.from.localeCompare(a.from)),
      );
    }
  }
  return { version, models: catalogModels, byId };
}

/** Ids that ended before they were offered here, with the day and what replaces them. */
export const RETIRED: ReadonlyMap<string, RetiredId> = new Map(
  z
    .array(RetiredId)
    .parse(retiredData)
    .map((entry) => [entry.id, entry]),
);
