import { z } from "zod";
import { findById, findByProject, listByEmail } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";

export const PAGE_ACCOUNTS = 25;

const one = z
  .preprocess((value) => (Array.isArray(value) ? value[0] : value), z.string().trim().max(254))
  .catch("");

/** What is looked for, and the address after which the page of the list begins: both are in the page's address. */
export const OperatorSearch = z.object({ q: one, after: one });
export type OperatorSearch = z.infer<typeof OperatorSearch>;

export interface AccountMatch {
  accounts: Account[];
  /** The address to go on after, where there are more. */
  next: string | null;
}

/** The account or project of that id, or else the accounts whose address begins so. */
export async function findAccounts({ q, after }: OperatorSearch): Promise<AccountMatch> {
  if (/^(usr|prj)_\w+$/.test(q)) {
    const account = q.startsWith("usr_") ? await findById(q) : await findByProject(q);
    return { accounts: account ? [account] : [], next: null };
  }
  const found = await listByEmail({ prefix: q.toLowerCase(), after, limit: PAGE_ACCOUNTS + 1 });
  const accounts = found.slice(0, PAGE_ACCOUNTS);
  return { accounts, next: found.length > PAGE_ACCOUNTS ? (accounts.at(-1)?.email ?? null) : null };
}

export function addressOf({ q, after }: OperatorSearch): string {
  const given = new URLSearchParams({
    ...(q === "" ? {} : { q }),
    ...(after === "" ? {} : { after }),
  });
  return given.size === 0 ? "/dashboard/operator" : `/dashboard/operator?${given}`;
}
