import { collection } from "@/lib/db/collection";
import { UNKNOWN_MODEL_DAYS, type UnknownModel } from "./schema";

export const unknownModels = collection<UnknownModel>("unknownModels");

export async function ensureIndexes(): Promise<void> {
  await unknownModels.createIndexes([
    { key: { lastAt: 1 }, name: "expiry", expireAfterSeconds: UNKNOWN_MODEL_DAYS * 86_400 },
  ]);
}
