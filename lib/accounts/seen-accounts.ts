import { collection } from "@/lib/db/collection";
import type { ApiKey } from "@/lib/keys/schema";
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
 * Accounts and keys as they were last seen; the least recently used are dropped first. They suggest which write to try and let a
 * request be read before the database is asked: they authorize nothing, only the hold's write does.
 */
const accountCache = new Map<string, Account>();
const keyCache = new Map<string, SeenKey>();
const SEEN_MAX = 20_000;

/** What a key stands for as this instance last saw it; null for a digest that it has not seen, or not since its rules changed. */
export function recallKey(digest: string): KeyScope | null {
  const cacheEntry = keyCache.get(digest);
  const account = cacheEntry && accountCache.get(cacheEntry.accountId);
  if (!cacheEntry || !account || account.rulesVersion !== cacheEntry.rulesVersion) return null;
  put(keyCache, digest, cacheEntry);
  put(accountCache, account._id, account);
  return scopeOf(account, cacheEntry.key);
}

/** Whether an account had no cap when this instance last saw it; false for one that it has not seen. */
export const hadNoCaps = (accountId: string): boolean =>
  accountCache.get(accountId)?.caps.length === 0;

export const rememberAccount = (account: Account): void =>
  put(accountCache, account._id, { ...account, holds: [], keys: [] });

/** Reads what a working key stands for. A digest without one is forgotten: what was never issued takes no memory. */
export async function readKey(digest: string): Promise<KeyScope | null> {
  const account = await accounts.findOne({ keys: digest });
  // After the account: rules that are newer than its `rulesVersion` were about to apply, older ones would not apply any more.
  const key = account && (await collection<ApiKey>("keys").findOne({ "secrets.digest": digest }));
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
  put(keyCache, digest, { accountId: account._id, rulesVersion: account.rulesVersion, key: rules });
  return scopeOf(account, rules);
}

function scopeOf(account: Account, key: KeyScope["key"]): KeyScope | null {
  const project = account.projects.find(({ id }) => id === key.projectId);
  return project ? { account, project, key } : null;
}

/** Puts an entry at the end of those of a map, which drops its first when it is full. */
function put<Value>(cache: Map<string, Value>, id: string, value: Value): void {
  if (!cache.delete(id) && cache.size >= SEEN_MAX) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(id, value);
}
