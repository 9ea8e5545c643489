import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";

/** An account that must be there. */
export async function readAccount(accountId: string): Promise<Account> {
  const account = await findById(accountId);
  if (!account) throw new Error("There is no such account.");
  return account;
}
