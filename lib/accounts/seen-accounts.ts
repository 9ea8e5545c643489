import type { FindOptions } from "mongodb";
import { collection } from "@/lib/db/collection";
import { LATEST } from "@/lib/db/latest-read";
import type { ApiKey } from "@/lib/keys/schema";
import { createRecentMap } from "@/lib/recent-map";
import { accounts } from "./collection";
import type { Account, Project } from "./schema";

/** What a key stands for: its account, its project and its rules, all of one `rulesVersion`. */
export type KeyScope = {
  account: Account;
  project: Project;
  key: Pick<ApiKey, "_id" | "name" | "projectId" | "models" | "addresses" | "limits">;
};

type SeenKey = { accountId: string; rulesVersion: number | undefined; key: KeyScope["key"] };

/**
 * How many of the accounts and keys that were used last are kept, and up to twice as many. They suggest which write to try and
 * let a request be read before the database is asked: they authorize nothing, only the hold's write does.
 */
const SEEN_MIN = 10_000;
const accountCache = createRecentMap<Account>(SEEN_MIN);
const keyCache = createRecentMap<SeenKey>(SEEN_MIN);

/** What a key stands for as this instance last saw it; null for a digest that it has not seen, or not since its rules changed. */
export function recallKey(digest: string): KeyScope | null {
  const cacheEntry = keyCache.get(digest);
  const account = cacheEntry && accountCache.get(cacheEntry.accountId);
  if (!cacheEntry || !account || account.rulesVersion !== cacheEntry.rulesVersion) return null;
  return scopeOf(account, cacheEntry.key);
}

/** Whether an account had no cap when this instance last saw it; false for one that it has not seen. */
export const hadNoCaps = (accountId: string): boolean =>
  accountCache.get(accountId)?.caps.length === 0;

export const rememberAccount = (account: Account): void =>
  accountCache.set(account._id, { ...account, holds: [], keys: [] });

/** Reads what a working key stands for, for a conditional write; null when there is none now. */
export const readKey = async (digest: string): Promise<KeyScope | null> =>
  (await lookUpKey(digest)) ?? readLatestKey(digest);

/** Reads the same where no conditional write follows: what it returns authorizes or rejects a request. */
export const readLatestKey = (digest: string): Promise<KeyScope | null> =>
  lookUpKey(digest, LATEST);

/** A digest without a key is forgotten: what was never issued takes no memory. */
async function lookUpKey(digest: string, options?: FindOptions): Promise<KeyScope | null> {
  const account = await accounts.findOne({ keys: digest }, options);
  // After the account: rules that are newer than its `rulesVersion` were about to apply, older ones would not apply any more.
  const keys = collection<ApiKey>("keys");
  const key = account && (await keys.findOne({ "secrets.digest": digest }, options));
  if (!account || !key) {
    keyCache.delete(digest);
    return null;
  }
  rememberAccount(account);
  const { _id, name, projectId, models, addresses, limits } = key;
  const rules = {
    _id,
    name,
    projectId,
    ...(models && { models }),
    ...(addresses && { addresses }),
    ...(limits && { limits }),
  };
  keyCache.set(digest, { accountId: account._id, rulesVersion: account.rulesVersion, key: rules });
  return scopeOf(account, rules);
}

function scopeOf(account: Account, key: KeyScope["key"]): KeyScope | null {
  const project = account.projects.find(({ id }) => id === key.projectId);
  return project ? { account, project, key } : null;
}
