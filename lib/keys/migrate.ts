import type { Filter } from "mongodb";
import type { Account, Project } from "@/lib/accounts/schema";
import { isDuplicate } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { keyAccounts, keys } from "./collection";
import { FIRST_KEY_NAME } from "./regenerate";

/** A key where versions before 0.2 kept it: in its project, or there as `heldKey` while the account was suspended. */
type ProjectKey = { digest: string; preview: string; createdAt: Date; replaced?: string };
type EarlierProject = Project & { key?: ProjectKey; heldKey?: ProjectKey };

const EARLIER = {
  $or: [
    { caps: { $exists: false } },
    { "projects.key": { $exists: true } },
    { "projects.heldKey": { $exists: true } },
  ],
} as Filter<Account>;

/**
 * Moves the keys of an earlier version from the projects into `keys`; each of them works before, between and after the writes.
 * What was left of a project's minute and month goes: the next request counts its limits again, see accounts/open-caps.ts. May be interrupted, repeated, and run by several servers at the same time. Returns the number of accounts it changed.
 */
export async function migrateProjectKeys(): Promise<number> {
  let changeCount = 0;
  for (const { _id } of await keyAccounts.find(EARLIER, { projection: { _id: 1 } }).toArray())
    if (await retryUntilApplied(APPLY_TRIES, () => migrateAccount(_id))) changeCount++;
  return changeCount;
}

/** False when there is nothing to move any more; undefined when the account changed meanwhile. */
async function migrateAccount(accountId: string): Promise<boolean | undefined> {
  const account = await keyAccounts.findOne({ ...EARLIER, _id: accountId });
  if (!account) return false;
  const projects: EarlierProject[] = account.projects;
  for (const { id: projectId, key, heldKey } of projects)
    for (const earlier of [key, heldKey])
      if (earlier) await insertKey({ accountId, projectId, earlier });
  const heldKeys = projects.flatMap(({ heldKey }) => heldKey?.digest ?? []);
  const result = await keyAccounts.updateOne(
    {
      _id: accountId,
      keys: account.keys ?? { $exists: false },
      suspendedAt: account.suspendedAt ?? { $exists: false },
      rulesVersion: account.rulesVersion ?? null,
    } as Filter<Account>,
    {
      $unset: Object.fromEntries(
        ["key", "heldKey", "minute", "month"].map((name) => [`projects.$[].${name}`, ""]),
      ),
      $set: { caps: [], ...(heldKeys.length > 0 ? { heldKeys } : {}) },
      $inc: { rulesVersion: 1 },
    },
  );
  return result.matchedCount === 1 ? true : undefined;
}

async function insertKey(input: {
  accountId: string;
  projectId: string;
  earlier: ProjectKey;
}): Promise<void> {
  const { accountId, projectId, earlier } = input;
  const { digest, preview, createdAt } = earlier;
  if (await keys.findOne({ "secrets.digest": digest })) return;
  const secrets = [{ digest, preview, createdAt }];
  const identity = { _id: newId("key"), accountId, projectId, name: FIRST_KEY_NAME };
  try {
    await keys.insertOne({ ...identity, createdAt, secrets, version: 1 });
  } catch (error) {
    // Another server was quicker.
    if (!isDuplicate(error)) throw error;
  }
}
