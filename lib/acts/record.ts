import { newId } from "@/lib/ids";
import { acts } from "./collection";
import type { Act } from "./schema";

/** Adds an act to the trail. */
export async function recordAct(act: Omit<Act, "_id" | "at">): Promise<void> {
  await (await acts()).insertOne({ _id: newId("act"), at: new Date(), ...act });
}
