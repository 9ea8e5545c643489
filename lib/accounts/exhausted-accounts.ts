/** Accounts whose credits a request did not fit into, until the job of this process looks at them. */
const exhaustedAccounts = new Set<string>();
const ACCOUNTS_MAX = 10_000;

/** Notes that a request did not fit into the credits of an account. */
export function noteExhausted(accountId: string): void {
  if (exhaustedAccounts.size < ACCOUNTS_MAX) exhaustedAccounts.add(accountId);
}

/** The accounts that were noted since the last call. */
export function takeExhausted(): string[] {
  const accountIds = [...exhaustedAccounts];
  exhaustedAccounts.clear();
  return accountIds;
}
