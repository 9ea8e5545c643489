import { newId } from "@/lib/ids";
import { checks } from "./collection";
import type { CatalogCheck } from "./schema";

/** Checks that are kept; older ones are removed. */
const KEPT = 30;

export async function recordCheck(check: Omit<CatalogCheck, "_id">): Promise<CatalogCheck> {
  const row: CatalogCheck = { _id: newId("chk"), ...check };
  await checks.insertOne(row);
  const old = await checks.find().sort({ at: -1 }).skip(KEPT).toArray();
  for (const { _id } of old) await checks.deleteOne({ _id });
  return row;
}
