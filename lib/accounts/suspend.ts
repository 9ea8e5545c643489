import type { Filter } from "mongodb";
import { AppError, isDuplicate } from "@/lib/errors";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import type { Account } from "./schema";

export const accountMissing = () => new AppError("not_found", "There is no such account.");

/** The account as it was read: whatever creates, replaces or revokes a key, or suspends the account, changes this. */
const sameVersion = ({ _id, rulesVersion }: Account): Filter<Account> =>
  ({ _id, rulesVersion: rulesVersion ?? null, erasedAt: { $exists: false } }) as Filter<Account>;

/**
 * Suspends an account in one write: its keys are put aside, so that every server refuses them from the next request on, as
 * ones that were revoked. Requests that were admitted before still end and are settled. False when it was suspended.
 */
export async function suspend({
  accountId,
  digests,
  now = new Date(),
}: {
  accountId: string;
  /** By what the account's person is recognized when they come back; none for a team. */
  digests: string[];
  now?: Date;
}): Promise<boolean> {
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await accounts.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw accountMissing();
    if (account.suspendedAt) return false;
    const { keys } = account;
    const result = await accounts.updateOne(sameVersion(account), {
      $set: {
        suspendedAt: now,
        ...(digests.length > 0 ? { personDigests: digests } : {}),
        ...(keys ? { heldKeys: keys } : {}),
      },
      $unset: { keys: "" },
      $inc: { rulesVersion: 1 },
    });
    return result.matchedCount === 1 ? true : undefined;
  });
}

/** Ends a suspension: the keys that were put aside work again. False when the account was not suspended. */
export async function lift({ accountId }: { accountId: string }): Promise<boolean> {
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await accounts.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw accountMissing();
    if (!account.suspendedAt) return false;
    const { heldKeys } = account;
    try {
      const result = await accounts.updateOne(sameVersion(account), {
        ...(heldKeys ? { $set: { keys: heldKeys } } : {}),
        $unset: { suspendedAt: "", personDigests: "", heldKeys: "" },
        $inc: { rulesVersion: 1 },
      });
      return result.matchedCount === 1 ? true : undefined;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new AppError(
        "bad_request",
        "A key of this account is in use by another one: revoke it there first.",
        { cause: error },
      );
    }
  });
}
