import { collection } from "@/lib/db/collection";
import type { ManagementKey, SavedResponse } from "./schema";

export const managementKeys = collection<ManagementKey>("management_keys");
export const savedResponses = collection<SavedResponse>("saved_responses");

export async function ensureIndexes(): Promise<void> {
  await managementKeys.createIndexes([
    { key: { digest: 1 }, unique: true, name: "digest" },
    { key: { "oldSecrets.digest": 1 }, name: "old_digest" },
    { key: { accountId: 1, createdAt: -1 }, name: "account" },
  ]);
  await savedResponses.createIndex({ expires: 1 }, { name: "expiry", expireAfterSeconds: 0 });
}
