import { managementKeys } from "./collection";
import type { ManagementKey } from "./schema";

/** The management keys of an account that were not revoked, the newest first. */
export async function listManagementKeys(accountId: string): Promise<ManagementKey[]> {
  return (await managementKeys())
    .find({ accountId, revokedAt: { $exists: false } })
    .sort({ createdAt: -1 })
    .toArray();
}

/** The key of a digest, whether it works or not. */
export async function findManagementKeyByDigest(digest: string): Promise<ManagementKey | null> {
  return (await managementKeys()).findOne({ digest });
}

/** The key of a digest, marked with the day; null for one that was revoked, has expired or never existed. */
export async function findManagementKey(
  digest: string,
  now: number,
): Promise<ManagementKey | null> {
  const all = await managementKeys();
  const key = await all.findOne({ digest, revokedAt: { $exists: false } });
  if (!key || (key.expiresAt && key.expiresAt.getTime() <= now)) return null;
  const day = new Date(now).toISOString().slice(0, 10);
  if ((key.lastUsedDay ?? "") < day)
    await all.updateOne({ _id: key._id }, { $set: { lastUsedDay: day } });
  return key;
}
