import { cache } from "react";
import type { BalanceView } from "@/components/dashboard/balance";
import type { Account } from "@/lib/accounts/schema";
import type { UsageCell } from "@/lib/usage/figures";
import type { InsightCell } from "@/lib/usage/insight";
import { listInsights } from "@/lib/usage/insights";
import { lastDays } from "@/lib/usage/period";
import { isError, RETENTION_DAYS } from "@/lib/usage/schema";

/** The account's usage in the last 90 days by day, read once per page request. */
export const recentInsights = cache(async (accountId: string): Promise<InsightCell[]> =>
  listInsights({ accountId, ...lastDays(RETENTION_DAYS) }, "day"),
);

/** The same as cells of a day, project, model and ending. */
export const recentCells = cache(async (accountId: string): Promise<UsageCell[]> =>
  (await recentInsights(accountId)).map(({ at, projectId, model, endedBy, figures }) => ({
    day: new Date(at),
    projectId,
    model,
    endedBy,
    ...figures,
  })),
);

export const totalsOf = (cells: UsageCell[]) =>
  cells.reduce(
    (sum, cell) => ({
      cost: sum.cost + cell.cost,
      requests: sum.requests + cell.requests,
      errors: sum.errors + (isError(cell.endedBy) ? cell.requests : 0),
    }),
    { cost: 0, requests: 0, errors: 0 },
  );

/** The mean spend per day over the last 7 days, in nano-credits, rounded to an integer. */
export const usualDayOf = (cells: UsageCell[]): number =>
  Math.round(totalsOf(since(cells, 7)).cost / 7);

/** The cells of the last `days` days, including today. */
export function since(cells: UsageCell[], days: number): UsageCell[] {
  const { from } = lastDays(days);
  return cells.filter((cell) => cell.day >= from);
}

/** The balance without the usual spend, which takes a read of the usage. */
export function fastBalanceOf(account: Account): BalanceView {
  const paidHolds = account.holds.filter((hold) => !hold.free && hold.amount > 0);
  return {
    credits: account.credits,
    heldCredits: paidHolds.reduce((sum, hold) => sum + hold.amount, 0),
    open: paidHolds.length,
    freeRequests: account.free.requests,
    usualDay: 0,
  };
}

export const balanceOf = async (account: Account): Promise<BalanceView> => ({
  ...fastBalanceOf(account),
  usualDay: usualDayOf(await recentCells(account._id)),
});
