import { findModel } from "../queries";
import { unknownModels } from "./collection";
import type { UnknownModel } from "./schema";

const SHOWN_MAX = 50;

/** The models that served requests and that the catalog does not know today either, the latest first. */
export async function listUnknownModels(): Promise<UnknownModel[]> {
  const pairs = await unknownModels.find({}).sort({ lastAt: -1 }).limit(SHOWN_MAX).toArray();
  return pairs.filter(({ servedModel }) => findModel(servedModel) === null);
}
