/** Caps that a request did not fit into, with their accounts, until the alerts of this process look at them. */
const reachedCaps = new Map<string, Set<string>>();
const ACCOUNTS_MAX = 10_000;

/** Notes that a request of an account did not fit into a cap. */
export function noteReached({ accountId, id }: { accountId: string; id: string }): void {
  const caps = reachedCaps.get(accountId);
  if (caps) caps.add(id);
  else if (reachedCaps.size < ACCOUNTS_MAX) reachedCaps.set(accountId, new Set([id]));
}

/** The caps of an account that were noted since the last call. */
export function takeReached(accountId: string): ReadonlySet<string> {
  const caps = reachedCaps.get(accountId) ?? new Set();
  reachedCaps.delete(accountId);
  return caps;
}
