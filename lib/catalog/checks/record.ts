import { newId } from "@/lib/ids";
import { checks } from "./collection";
import type { CatalogCheck } from "./schema";

/** Checks that are kept; older ones are removed. */
const KEPT = 30;

export async function recordCheck(check: Omit<CatalogCheck, "_id">): Promise<CatalogCheck> {
  const all = await checks();
  const row: CatalogCheck = { _id: newId("chk"), ...check };
  await all.insertOne(row);
  const old = await all.find().sort({ at: -1 }).skip(KEPT).toArray();
  for (const { _id } of old) await all.deleteOne({ _id });
  return row;
}
