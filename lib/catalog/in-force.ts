import { BUILT_IN_VERSION, buildCatalog, builtInModels, type Catalog } from "./build";

/** Catalogs by the instant from which each is in force, oldest first. */
export type CatalogTimeline = { from: number; catalog: Catalog }[];

/** Kept for the process, not the module: Next loads modules once for each of its bundles. */
const store = globalThis as typeof globalThis & {
  __onekeyCatalog?: CatalogTimeline;
  __onekeyCatalogAsOf?: (at: Date) => Catalog;
};

function timeline(): CatalogTimeline {
  return (store.__onekeyCatalog ??= [
    {
      from: Number.NEGATIVE_INFINITY,
      catalog: buildCatalog({ models: builtInModels(), version: BUILT_IN_VERSION }),
    },
  ]);
}

/** The catalog in force at an instant, as far as this process has read the overlays. */
export function catalogAt(at: Date): Catalog {
  const all = timeline();
  const time = at.getTime();
  for (let index = all.length - 1; index > 0; index--) {
    const entry = all[index];
    if (entry && entry.from <= time) return entry.catalog;
  }
  const first = all[0];
  if (!first) throw new Error("The catalog has no entry.");
  return first.catalog;
}

/** The catalog as it was known and in force at an instant: what was applied later does not count. */
export const catalogAsOf = (at: Date): Catalog => store.__onekeyCatalogAsOf?.(at) ?? catalogAt(at);

/** Puts other catalogs in force; only the refresh of the overlays calls it. */
export function setTimeline(catalogs: CatalogTimeline, asOf: (at: Date) => Catalog): void {
  store.__onekeyCatalog = catalogs;
  store.__onekeyCatalogAsOf = asOf;
}
