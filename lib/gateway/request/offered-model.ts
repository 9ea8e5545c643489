import { findModel, resolveModel } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { quoteId, unknownModel } from "./suggest-models";

/**
 * The model that serves and prices a request for an id at an instant. Throws not_found (404 in every dialect: none of the
 * providers uses 410) with the plain id, the day of the end and the replacement, or the nearest ids.
 */
export function offeredModel(id: string, at: Date): { model: Model; quality?: string | undefined } {
  const resolution = resolveModel(id, at);
  switch (resolution.kind) {
    case "offered":
      return resolution;
    case "retired": {
      const { retired: retiredModel, replacedBy } = resolution;
      throw notFound(
        `The model ${quoteId(id)} was retired on ${retiredModel}.${replacedBy ? ` Send ${currentOf(replacedBy, at)} instead.` : ""}`,
      );
    }
    case "prefixed":
      throw notFound(
        `The model ${quoteId(id)} does not exist: its provider takes the id without a prefix. Send "${resolution.plain}".`,
      );
    case "unknown":
      throw unknownModel(id);
  }
}

const notFound = (message: string) => new AppError("not_found", message, { param: "model" });

/** A replacement may have been replaced since. */
function currentOf(id: string, at: Date): string {
  let current = id;
  for (let step = 0; step < 5; step++) {
    const resolution = resolveModel(current, at);
    if (resolution.kind !== "retired" || resolution.replacedBy === null) break;
    current = resolution.replacedBy;
  }
  return findModel(current, at)?.id ?? current;
}
