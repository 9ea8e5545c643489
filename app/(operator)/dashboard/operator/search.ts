import { z } from "zod";
import { findById, findByProject, listByEmail } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";

export const PAGE_ACCOUNTS = 25;

const queryText = z
  .preprocess((value) => (Array.isArray(value) ? value[0] : value), z.string().trim().max(254))
  .catch("");

/** The search text and the email address after which the page of the list starts, both from the URL. */
export const OperatorSearch = z.object({ q: queryText, after: queryText });
export type OperatorSearch = z.infer<typeof OperatorSearch>;

export interface AccountMatch {
  accounts: Account[];
  /** The email address after which the next page starts; null on the last page. */
  next: string | null;
}

/** The account of that account id or project id, or the accounts whose email address starts with `q`. */
export async function findAccounts({ q, after }: OperatorSearch): Promise<AccountMatch> {
  if (/^(usr|prj)_\w+$/.test(q)) {
    const account = q.startsWith("usr_") ? await findById(q) : await findByProject(q);
    return { accounts: account ? [account] : [], next: null };
  }
  const matches = await listByEmail({ prefix: q.toLowerCase(), after, limit: PAGE_ACCOUNTS + 1 });
  const accounts = matches.slice(0, PAGE_ACCOUNTS);
  return {
    accounts,
    next: matches.length > PAGE_ACCOUNTS ? (accounts.at(-1)?.email ?? null) : null,
  };
}

export function addressOf({ q, after }: OperatorSearch): string {
  const query = new URLSearchParams({
    ...(q === "" ? {} : { q }),
    ...(after === "" ? {} : { after }),
  });
  return query.size === 0 ? "/dashboard/operator" : `/dashboard/operator?${query}`;
}
