import { keys } from "./collection";
import type { ApiKey } from "./schema";

/** So long before a key expires, whoever created it is warned. */
export const EXPIRY_NOTICE_MS = 7 * 86_400_000;

/** A key that expires. */
export type ExpiringKey = ApiKey & { expiresAt: Date };

/**
 * Keys that expire within the notice, and of which nobody was warned. A key that was created for a shorter time is left out: its
 * creator has just chosen the day.
 */
export async function listExpiringKeys(now: number): Promise<ExpiringKey[]> {
  const expiringKeys = await keys
    .find({
      expiresAt: { $gt: new Date(now), $lte: new Date(now + EXPIRY_NOTICE_MS) },
      revokedAt: { $exists: false },
    })
    .toArray();
  return expiringKeys.filter(
    (key): key is ExpiringKey =>
      key.expiresAt !== undefined &&
      key.expiryNotice?.getTime() !== key.expiresAt.getTime() &&
      key.createdAt.getTime() + EXPIRY_NOTICE_MS < key.expiresAt.getTime(),
  );
}

/** Takes the warning about a key's expiry: true for the one caller that may send it. Another expiry begins again. */
export async function takeExpiryNotice({ _id, expiresAt }: ExpiringKey): Promise<boolean> {
  const result = await keys.updateOne(
    { _id, expiresAt, expiryNotice: { $ne: expiresAt } },
    { $set: { expiryNotice: expiresAt } },
  );
  return result.modifiedCount === 1;
}

/** Gives a warning back whose mail could not be sent, so that it is tried again. */
export async function returnExpiryNotice({ _id, expiresAt }: ExpiringKey): Promise<void> {
  await keys.updateOne({ _id, expiryNotice: expiresAt }, { $unset: { expiryNotice: "" } });
}
