import { LATEST } from "@/lib/db/latest-read";
import { managementKeys } from "./collection";
import { liveOldSecrets, type ManagementKey } from "./schema";

/** The management keys of an account that were not revoked, the newest first. */
export async function listManagementKeys(accountId: string): Promise<ManagementKey[]> {
  return managementKeys
    .find({ accountId, revokedAt: { $exists: false } })
    .sort({ createdAt: -1 })
    .toArray();
}

/** The key of a digest or of one of its old secrets, whether it works or not. */
export async function findManagementKeyByDigest(digest: string): Promise<ManagementKey | null> {
  return (
    (await managementKeys.findOne({ digest })) ??
    (await managementKeys.findOne({ "oldSecrets.digest": digest }))
  );
}

/** The key of a digest or of an old one that still works, marked with the day; null for one that was revoked, has expired or never existed. */
export async function findManagementKey(
  digest: string,
  now: number,
): Promise<ManagementKey | null> {
  const filter = { revokedAt: { $exists: false } };
  const key =
    (await managementKeys.findOne({ ...filter, digest }, LATEST)) ??
    (await managementKeys.findOne({ ...filter, "oldSecrets.digest": digest }, LATEST));
  const isLive = (candidate: ManagementKey) =>
    candidate.digest === digest ||
    liveOldSecrets(candidate, now).some((secret) => secret.digest === digest);
  if (!key || !isLive(key) || (key.expiresAt && key.expiresAt.getTime() <= now)) return null;
  const day = new Date(now).toISOString().slice(0, 10);
  if ((key.lastUsedDay ?? "") < day)
    await managementKeys.updateOne({ _id: key._id }, { $set: { lastUsedDay: day } });
  return key;
}
