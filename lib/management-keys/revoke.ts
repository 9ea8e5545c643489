import { AppError } from "@/lib/errors";
import { managementKeys, savedResponses } from "./collection";
import type { ManagementKey } from "./schema";

/** Takes a management key away: it is refused from the next request on. Throws not_found. */
export async function revokeManagementKey({
  accountId,
  keyId,
}: {
  accountId: string;
  keyId: string;
}): Promise<ManagementKey> {
  const key = await managementKeys.findOneAndUpdate(
    { _id: keyId, accountId, revokedAt: { $exists: false } },
    { $set: { revokedAt: new Date() } },
  );
  if (!key) throw managementKeyMissing();
  return key;
}

export const managementKeyMissing = () =>
  new AppError("not_found", "There is no such management key.");

/** Deletes the management keys of a deleted account. */
export async function eraseManagementKeys(accountId: string): Promise<void> {
  await managementKeys.deleteMany({ accountId });
  await savedResponses.deleteMany({ accountId });
}
