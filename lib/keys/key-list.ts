import type { Filter, UpdateFilter } from "mongodb";
import type { Account, capChange } from "@/lib/accounts/schema";
import { AppError } from "@/lib/errors";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { keyAccounts } from "./collection";

/** What an account document says of its keys: the digests that work, and when some of them stop. */
export type KeyList = { digests: string[]; expiries: { digest: string; at: number }[] };

/** A change of the list; with `caps`, also what a change of a key's limits means for their caps. */
type KeyListChange = KeyList & { caps?: ReturnType<typeof capChange> };

/** The list of an account at a time, without those that have expired; of a suspended one, what comes back later. */
export function keyListOf(account: Account, now: number): KeyList {
  const all = account.expiries ?? [];
  const endedDigests = new Set(all.filter(({ at }) => at <= now).map(({ digest }) => digest));
  const digests = (account.suspendedAt ? account.heldKeys : account.keys) ?? [];
  return {
    digests: digests.filter((digest) => !endedDigests.has(digest)),
    expiries: all.filter(({ digest }) => !endedDigests.has(digest)),
  };
}

/** A list without these digests. */
export const withoutDigests = (
  { digests, expiries }: KeyList,
  endedDigests: string[],
): KeyList => ({
  digests: digests.filter((digest) => !endedDigests.includes(digest)),
  expiries: expiries.filter(({ digest }) => !endedDigests.includes(digest)),
});

/**
 * Changes an account's list of keys by one write, on the condition that no key, project or limit changed since it was read.
 * `change` returns the next list, or null to write nothing; what it throws ends the attempt. It may read
 * what only changes together with the list. Every server goes by the new list
 * from the moment this returns. Throws not_found for an account that is not there.
 */
export async function changeKeyList(input: {
  accountId: string;
  now: number;
  change: (list: KeyList, account: Account) => KeyListChange | null | Promise<KeyListChange | null>;
}): Promise<void> {
  const { accountId, now, change } = input;
  await retryUntilApplied(APPLY_TRIES, async () => {
    const account = await keyAccounts.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw new AppError("not_found", "There is no such account.");
    const next = await change(keyListOf(account, now), account);
    if (next === null) return true;
    const name = account.suspendedAt ? "heldKeys" : "keys";
    const isUnchanged = { rulesVersion: account.rulesVersion ?? null } as Filter<Account>;
    const result = await keyAccounts.updateOne(
      { ...isUnchanged, _id: accountId, erasedAt: { $exists: false } },
      writeOf({ lists: { [name]: next.digests, expiries: next.expiries }, caps: next.caps }),
      next.caps && next.caps.arrayFilters.length > 0
        ? { arrayFilters: next.caps.arrayFilters }
        : {},
    );
    return result.matchedCount === 1 ? true : undefined;
  });
}

/** Sets each list, or unsets an empty one: the unique index on `keys` allows one empty list only. */
function writeOf({
  lists,
  caps,
}: {
  lists: Record<string, unknown[]>;
  caps: KeyListChange["caps"];
}): UpdateFilter<Account> {
  const entries = Object.entries(lists);
  const filledLists = entries.filter(([, list]) => list.length > 0);
  const empty = entries.filter(([, list]) => list.length === 0).map(([name]) => [name, ""]);
  const set = { ...Object.fromEntries(filledLists), ...caps?.$set };
  return {
    ...(Object.keys(set).length > 0 ? { $set: set } : {}),
    ...(empty.length > 0 ? { $unset: Object.fromEntries(empty) } : {}),
    $inc: { ...caps?.$inc, rulesVersion: 1 },
  } as UpdateFilter<Account>;
}
