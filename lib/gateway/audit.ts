import { eachAccount, findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { sumPosted } from "@/lib/ledger/queries";
import { sumCharged } from "@/lib/usage/queries";

export type Audit = { accounts: number; problems: string[] };

const TRIES = 5;

/** Checks that the books balance, for every account; an account that changes meanwhile is read again. */
export async function audit(): Promise<Audit> {
  const problems: string[] = [];
  let accounts = 0;
  for await (const first of eachAccount()) {
    accounts++;
    let found: string[] = [];
    let account: Account | null = first;
    for (let attempt = 0; attempt < TRIES && account; attempt++) {
      found = await check(account);
      if (found.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
      account = await findById(first._id);
    }
    problems.push(...found);
  }
  return { accounts, problems };
}

async function check(account: Account): Promise<string[]> {
  const { _id, posted, charged, credits, holds } = account;
  const problems: string[] = [];
  const held = holds.reduce((sum, hold) => sum + (hold.free ? 0 : hold.amount), 0);
  if (posted - charged !== credits + held)
    problems.push(`${_id}: posted ${posted} − charged ${charged} is not credits ${credits} + held ${held}`);
  const ledger = await sumPosted(_id);
  if (ledger.amount !== posted) problems.push(`${_id}: posted is ${posted}, its ledger says ${ledger.amount}`);
  const rows = await sumCharged({ accountId: _id, open: new Set(holds.map((hold) => hold.id)) });
  // Where rows expired before they were summed up, charges may be more than what is left says, never less.
  const incomplete = rows.gapBefore !== undefined && account.createdAt < rows.gapBefore;
  if (incomplete ? rows.cost > charged : rows.cost !== charged)
    problems.push(`${_id}: charged is ${charged}, its usage says ${rows.cost}`);
  return problems;
}
