import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { UNKNOWN_MODEL_DAYS, type UnknownModel } from "./schema";

export const unknownModels = (): Promise<Collection<UnknownModel>> =>
  collection<UnknownModel>("unknownModels");

export async function ensureIndexes(): Promise<void> {
  await (
    await unknownModels()
  ).createIndexes([
    { key: { lastAt: 1 }, name: "expiry", expireAfterSeconds: UNKNOWN_MODEL_DAYS * 86_400 },
  ]);
}
