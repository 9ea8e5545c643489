import { BUILT_IN_VERSION, buildCatalog, builtInModels, type Catalog } from "../build";
import type { CatalogTimeline } from "../in-force";
import { ListedModel } from "../listed";
import { loadModel } from "../load";
import type { CatalogProblem } from "../problems";
import { standingOverlays } from "./queries";
import type { ModelPatch, Overlay } from "./schema";

/** Puts patches over a list of models. What does not make a model is a problem, and the model is left as it was. */
export function mergeModels(
  models: ListedModel[],
  patches: Record<string, ModelPatch>,
): { models: ListedModel[]; problems: CatalogProblem[] } {
  const problems: CatalogProblem[] = [];
  const modelsById = new Map(models.map((model) => [model.id, model]));
  const newModels: ListedModel[] = [];
  for (const [id, patch] of Object.entries(patches)) {
    const before = modelsById.get(id);
    const result = readModel(mergePatch(before ?? usualEndpoints(patch, models), { ...patch, id }));
    if ("problems" in result)
      problems.push(
        ...result.problems.map(({ path, message }) => ({ path: [id, ...path], message })),
      );
    else if (before) modelsById.set(id, result.model);
    else newModels.push(result.model);
  }
  return { models: groupByProvider([...newModels, ...modelsById.values()], models), problems };
}

/** A new model that names no endpoints has those of the first model of its provider and kind. */
function usualEndpoints(
  { provider, kind }: ModelPatch,
  models: ListedModel[],
): Pick<ListedModel, "endpoints"> | Record<string, never> {
  const like = models.find((model) => model.provider === provider && model.kind === kind);
  return like ? { endpoints: like.endpoints } : {};
}

/** Sorts models by the order in which a list has their providers; new providers come last. */
function groupByProvider(models: ListedModel[], order: ListedModel[]): ListedModel[] {
  const providers = [...new Set([...order, ...models].map(({ provider }) => provider))];
  return models.toSorted((a, b) => providers.indexOf(a.provider) - providers.indexOf(b.provider));
}

function readModel(value: unknown): { model: ListedModel } | { problems: CatalogProblem[] } {
  const { success, data, error } = ListedModel.safeParse(value);
  if (!success)
    return {
      problems: error.issues.map((issue) => ({
        path: [
          ...issue.path,
          ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []),
        ].map((part) => (typeof part === "symbol" ? String(part) : part)),
        message: issue.message,
      })),
    };
  try {
    loadModel(data);
    return { model: data };
  } catch (cause) {
    return {
      problems: [
        { path: ["prices"], message: cause instanceof Error ? cause.message : "It has no price." },
      ],
    };
  }
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const copy: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete copy[key];
    else copy[key] = mergePatch(copy[key], value);
  }
  return copy;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The models in force at an instant. */
export function modelsAt(all: Overlay[], at: Date): { models: ListedModel[]; skipped: number[] } {
  const skippedVersions: number[] = [];
  let models = builtInModels();
  for (const overlay of standingOverlays(all)) {
    if (overlay.effective > at) break;
    const result = mergeModels(models, overlay.models);
    // One that a newer built-in list no longer agrees with is left out completely.
    if (result.problems.length > 0) skippedVersions.push(overlay._id);
    else models = result.models;
  }
  return { models, skipped: skippedVersions };
}

/** The catalogs of every instant from now on at which a version comes into force. */
export function timelineOf(
  all: Overlay[],
  now: Date,
): { timeline: CatalogTimeline; skipped: number[] } {
  const newest = all.at(-1)?._id ?? 0;
  const version = newest === 0 ? BUILT_IN_VERSION : `${BUILT_IN_VERSION}+${newest}`;
  const instants = [
    now,
    ...standingOverlays(all).flatMap(({ effective }) => (effective > now ? [effective] : [])),
  ];
  const skippedVersions = new Set<number>();
  const timeline = [...new Set(instants.map((at) => at.getTime()))].map((from, index) => {
    const result = modelsAt(all, new Date(from));
    for (const number of result.skipped) skippedVersions.add(number);
    return {
      from: index === 0 ? Number.NEGATIVE_INFINITY : from,
      catalog: buildCatalog({ models: result.models, version }),
    };
  });
  return { timeline, skipped: [...skippedVersions] };
}

/** Builds the catalog that was in force at an instant, of the versions that were applied by then. */
export function createAsOf(all: Overlay[]): (at: Date) => Catalog {
  const catalogs = new Map<string, Catalog>();
  return (at) => {
    const overlaysByThen = all.filter((overlay) => overlay.at <= at);
    const key = standingOverlays(overlaysByThen)
      .filter(({ effective }) => effective <= at)
      .map(({ _id }) => _id)
      .join(" ");
    const catalog =
      catalogs.get(key) ??
      buildCatalog({ models: modelsAt(overlaysByThen, at).models, version: `as of ${key}` });
    catalogs.set(key, catalog);
    return catalog;
  };
}
