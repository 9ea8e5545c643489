import { capProblems } from "@/lib/accounts/open-caps";
import { eachAccount, findById } from "@/lib/accounts/queries";
import { heldTotal, type Account } from "@/lib/accounts/schema";
import { now } from "@/lib/clock";
import { sumPosted } from "@/lib/ledger/queries";
import { sumCharged } from "@/lib/usage/queries";

export type AuditReport = { accounts: number; problems: string[] };

/** An account at work is rarely the same at two reads; one whose books are wrong is wrong each time. */
const TRIES = 10;

/** Checks that the books balance and every limit is what rows and holds say, for every account; an account that changes meanwhile is read again. */
export async function audit(): Promise<AuditReport> {
  const problems: string[] = [];
  let accounts = 0;
  const startedAt = now();
  for await (const first of eachAccount()) {
    accounts++;
    let readAt = startedAt;
    let latest: string[] = [];
    let account: Account | null = first;
    for (let attempt = 0; attempt < TRIES && account; attempt++) {
      latest = await check(account, new Date(readAt));
      if (latest.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, Math.min(400, 25 * 2 ** attempt)));
      readAt = now();
      account = await findById(first._id);
    }
    problems.push(...latest);
  }
  return { accounts, problems };
}

/** `since` is from before the account was read: requests that began later may have rows and not yet be charged. */
async function check(account: Account, since: Date): Promise<string[]> {
  const { _id, posted: ledgerSum, charged: usageSum, credits, holds } = account;
  const problems: string[] = [];
  const holdTotal = heldTotal(holds);
  if (ledgerSum - usageSum !== credits + holdTotal)
    problems.push(
      `${_id}: posted ${ledgerSum} − charged ${usageSum} is not credits ${credits} + held ${holdTotal}`,
    );
  const ledger = await sumPosted(_id);
  if (ledger.amount !== ledgerSum)
    problems.push(`${_id}: posted is ${ledgerSum}, its ledger says ${ledger.amount}`);
  const rows = await sumCharged({ accountId: _id, open: holds, since });
  // Where rows expired before they were summed up, charges may be more than what is left says, never less.
  const incomplete = rows.gapBefore !== undefined && account.createdAt < rows.gapBefore;
  const early = rows.cost - rows.late;
  if (incomplete ? early > usageSum : rows.cost !== usageSum && early !== usageSum)
    problems.push(`${_id}: charged is ${usageSum}, its usage says ${rows.cost}`);
  return [...problems, ...(await capProblems(account, now()))];
}
