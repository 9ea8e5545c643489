import { keyAccounts } from "./collection";
import { changeKeyList } from "./key-list";

/**
 * Takes secrets that have expired out of the account documents, so that they no longer count as live. They are refused without
 * this: a hold names the version of the list in which their end was read. Returns the number of accounts that were changed.
 */
export async function endExpiredKeys(now: number): Promise<number> {
  const due = await keyAccounts
    .find({ "expiries.at": { $lte: now } }, { projection: { _id: 1 } })
    .limit(1_000)
    .toArray();
  for (const { _id: accountId } of due)
    await changeKeyList({
      accountId,
      now,
      change: (list, account) =>
        list.expiries.length === (account.expiries?.length ?? 0) ? null : list,
    }).catch(() => undefined);
  return due.length;
}
