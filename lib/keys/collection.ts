import type { Account } from "@/lib/accounts/schema";
import { collection } from "@/lib/db/collection";
import type { ApiKey } from "./schema";

export const keys = collection<ApiKey>("keys");
/** The accounts, of which this folder changes the lists of digests. */
export const keyAccounts = collection<Account>("accounts");

export async function ensureIndexes(): Promise<void> {
  await keys.createIndexes([
    { key: { "secrets.digest": 1 }, unique: true, name: "digest" },
    { key: { accountId: 1, createdAt: -1 }, name: "account" },
    { key: { expiresAt: 1 }, sparse: true, name: "expiry" },
  ]);
}
