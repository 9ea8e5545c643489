import { collection } from "@/lib/db/collection";
import type { Incident } from "./schema";

export const incidents = collection<Incident>("incidents");

export async function ensureIndexes(): Promise<void> {
  await incidents.createIndexes([{ key: { startedAt: -1 }, name: "newest" }]);
}
