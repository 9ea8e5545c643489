import { checks } from "./collection";
import type { CatalogCheck } from "./schema";

/** The newest check, or null before the first. */
export async function findLatestCheck(): Promise<CatalogCheck | null> {
  const [latest] = await checks.find().sort({ at: -1 }).limit(1).toArray();
  return latest ?? null;
}
