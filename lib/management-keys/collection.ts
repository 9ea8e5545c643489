import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { ManagementKey, SavedResponse } from "./schema";

export const managementKeys = (): Promise<Collection<ManagementKey>> =>
  collection<ManagementKey>("management_keys");
export const savedResponses = (): Promise<Collection<SavedResponse>> =>
  collection<SavedResponse>("saved_responses");

export async function ensureIndexes(): Promise<void> {
  await (
    await managementKeys()
  ).createIndexes([
    { key: { digest: 1 }, unique: true, name: "digest" },
    { key: { "oldSecrets.digest": 1 }, name: "old_digest" },
    { key: { accountId: 1, createdAt: -1 }, name: "account" },
  ]);
  await (
    await savedResponses()
  ).createIndex({ expires: 1 }, { name: "expiry", expireAfterSeconds: 0 });
}
