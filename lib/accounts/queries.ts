import { LATEST } from "@/lib/db/latest-read";
import { accounts } from "./collection";
import { accountLabel, type Account } from "./schema";

export async function findByEmail(email: string): Promise<Account | null> {
  return accounts.findOne({ email: email.trim().toLowerCase() });
}

export async function findById(accountId: string): Promise<Account | null> {
  return accounts.findOne({ _id: accountId });
}

export const listByIds = (accountIds: string[]): Promise<Account[]> =>
  accounts.find({ _id: { $in: accountIds } }).toArray();

/** The account whose current key has this digest. What it returns authorises nothing: only the hold's own write does. */
export async function findByKey(digest: string): Promise<Account | null> {
  return accounts.findOne({ keys: digest }, LATEST);
}

export async function findByProject(projectId: string): Promise<Account | null> {
  return accounts.findOne({ "projects.id": projectId });
}

/** Whether a request of a project is in flight. */
export async function hasOpenHold({
  accountId,
  projectId,
  requestId,
}: {
  accountId: string;
  projectId: string;
  requestId: string;
}): Promise<boolean> {
  const account = await accounts.findOne(
    { _id: accountId, holds: { $elemMatch: { id: requestId, projectId } } },
    { ...LATEST, projection: { _id: 1 } },
  );
  return account !== null;
}

/** Accounts whose address begins with a text, by their addresses, from the one after `after` on. */
export async function listByEmail({
  prefix,
  after = "",
  limit,
}: {
  prefix: string;
  after?: string | undefined;
  limit: number;
}): Promise<Account[]> {
  // U+FFFF sorts after whatever an address may go on with.
  const email = { $gte: prefix, $gt: after, $lt: `${prefix}\uffff` };
  return accounts
    .find({ email, erasedAt: { $exists: false } })
    .sort({ email: 1 })
    .limit(limit)
    .toArray();
}

/** How operators see these accounts, by their ids: a person's address, or a team's name. */
export async function labelsOf(ids: string[]): Promise<Map<string, string>> {
  const list = await accounts
    .find<Account>(
      { _id: { $in: [...new Set(ids)] } },
      { projection: { kind: 1, name: 1, email: 1 } },
    )
    .toArray();
  return new Map(list.map((account) => [account._id, accountLabel(account)]));
}

/** Every account, a batch at a time, for the audit. */
export async function* eachAccount(): AsyncGenerator<Account> {
  yield* accounts.find({}, { batchSize: 500 });
}

/** Accounts with open holds, for the sweep. */
export async function* eachWithHolds(): AsyncGenerator<Account> {
  yield* accounts.find({ "holds.0": { $exists: true } }, { batchSize: 100 });
}

/** When the oldest open hold of all accounts was placed, in epoch milliseconds; null when there is none. */
export async function findOldestHold(): Promise<number | null> {
  let oldest: number | null = null;
  const holders = accounts.find(
    { "holds.0": { $exists: true } },
    { projection: { "holds.at": 1 } },
  );
  for await (const { holds } of holders)
    for (const { at } of holds) oldest = Math.min(at, oldest ?? at);
  return oldest;
}

/** Accounts with automatic top-up on, but for suspended ones, or with a charge of it in progress. */
export async function* eachWithTopUp(): AsyncGenerator<Account> {
  yield* accounts.find({ "topUp.on": true, suspendedAt: { $exists: false } }, { batchSize: 100 });
  yield* accounts.find({ "topUp.on": false, "topUp.pending.at": { $gt: 0 } }, { batchSize: 100 });
}

/** Accounts whose owner wants to know when the balance is low. */
export async function* eachWithAlert(): AsyncGenerator<Account> {
  yield* accounts.find({ "alert.threshold": { $gt: 0 } }, { batchSize: 100 });
}

/** Accounts with a limit that was counted, for its alerts. */
export async function* eachWithCaps(): AsyncGenerator<Account> {
  yield* accounts.find({ "caps.0": { $exists: true } }, { batchSize: 100 });
}

/** Accounts whose automatic top-up stopped and whose owner was not notified yet. */
export async function listUntold(now: Date): Promise<Account[]> {
  return accounts
    .find({ "topUp.stopped.mailAt": { $lte: now } })
    .limit(50)
    .toArray();
}
