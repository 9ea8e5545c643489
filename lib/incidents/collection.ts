import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { Incident } from "./schema";

export const incidents = (): Promise<Collection<Incident>> => collection<Incident>("incidents");

export async function ensureIndexes(): Promise<void> {
  await (await incidents()).createIndexes([{ key: { startedAt: -1 }, name: "newest" }]);
}
