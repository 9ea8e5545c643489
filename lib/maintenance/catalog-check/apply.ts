import { findLatestCheck } from "@/lib/catalog/checks/queries";
import type { CatalogFinding } from "@/lib/catalog/checks/schema";
import { applyOverlay } from "@/lib/catalog/overlays/apply";
import type { Overlay } from "@/lib/catalog/overlays/schema";
import { findModel } from "@/lib/catalog/queries";
import { AppError } from "@/lib/errors";

/** The findings of a check that can be applied with certainty and are not in force yet. */
export const certainOf = (findings: CatalogFinding[]): CatalogFinding[] =>
  findings.filter(
    ({ model, patch }) => patch !== undefined && findModel(model)?.retires !== patch.retires,
  );

/** Puts the retirement dates of the newest check over the catalog, as one version. Throws bad_request when there are none. */
export async function applyCertain({ by }: { by: string | null }): Promise<Overlay> {
  const certain = certainOf((await findLatestCheck())?.findings ?? []);
  if (certain.length === 0) throw new AppError("bad_request", "There is nothing certain to apply.");
  const models = Object.fromEntries(certain.map(({ model, patch }) => [model, patch]));
  return applyOverlay({
    text: JSON.stringify({ note: "Ends that providers state.", models }, null, 2),
    by,
  });
}
