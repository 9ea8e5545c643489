import { accounts } from "./collection";
import type { Account } from "./schema";

/**
 * digest → the account document as last seen, without its holds; the least recently used is dropped first. It suggests which
 * write to try and lets a request be read before the database is asked: it authorizes nothing, only the hold's write does.
 */
const accountCache = new Map<string, Account>();
const SEEN_MAX = 20_000;

/** The account of a key as this instance last saw it; null for a digest that it has not seen. */
export function recallAccount(digest: string): Account | null {
  const account = accountCache.get(digest);
  if (!account) return null;
  accountCache.delete(digest);
  accountCache.set(digest, account);
  return account;
}

export function rememberAccount(digest: string, account: Account): void {
  const [oldest] = accountCache.size >= SEEN_MAX ? accountCache.keys() : [];
  if (oldest !== undefined) accountCache.delete(oldest);
  accountCache.set(digest, { ...account, holds: [] });
}

/** Reads the account of a current key. A digest without one is forgotten: what was never issued takes no memory. */
export async function readAccount(digest: string): Promise<Account | null> {
  const account = await (await accounts()).findOne({ keys: digest });
  if (account) rememberAccount(digest, account);
  else accountCache.delete(digest);
  return account;
}
