import { listModels, nearestModelIds } from "@/lib/catalog/queries";
import { AppError } from "@/lib/errors";

const SUGGESTED_MAX = 3;

/** The error of a model that does not exist, with the ids that it could have been. */
export function unknownModel(id: string): AppError {
  const near = suggestModels(id);
  const advice =
    near.length > 0 ? `Did you mean ${near.join(", ")}?` : "GET /v1/models lists all of them.";
  return new AppError("not_found", `The model ${quoteId(id)} does not exist. ${advice}`, {
    param: "model",
  });
}

/** A model id as it may be repeated to the caller: short and plain, or not at all. */
export const quoteId = (id: string) =>
  /^[\w./:@-]{1,64}$/.test(id) ? `"${id}"` : "of the request";

/**
 * Ids that are spelled alike, of the family that the id begins with, such as "claude" in "claude-9"; where none is, the newest
 * of that family.
 */
export function suggestModels(id: string): string[] {
  const near = nearestModelIds(id, { n: SUGGESTED_MAX });
  const family = familyOf(id.toLowerCase().slice(id.lastIndexOf("/") + 1));
  const relatives = listModels()
    .map((model) => model.id)
    .filter((candidate) => familyOf(candidate) === family);
  if (family === "" || relatives.length === 0) return near;
  const nearRelatives = near.filter((candidate) => familyOf(candidate) === family);
  return nearRelatives.length > 0 ? nearRelatives : relatives.slice(0, SUGGESTED_MAX);
}

const familyOf = (id: string): string => /^[a-z]{2,}/.exec(id)?.[0] ?? "";
