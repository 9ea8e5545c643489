import { cache } from "react";
import type { BalanceView } from "@/components/dashboard/balance";
import type { Account } from "@/lib/accounts/schema";
import { listCells, type Cell } from "@/lib/usage/figures";
import { DAY_MS, isError, startOfDay } from "@/lib/usage/schema";

/** The last `count` UTC days, today included. */
export function lastDays(count: number, now = Date.now()): Date[] {
  const today = startOfDay(now).getTime();
  return Array.from({ length: count }, (_, i) => new Date(today - (count - 1 - i) * DAY_MS));
}

/** What an account used in the last days, read once a request. */
export const recentCells = cache(async (accountId: string, days: number): Promise<Cell[]> =>
  listCells({ accountId, from: startOfDay(Date.now() - (days - 1) * DAY_MS), to: startOfDay(Date.now()) }),
);

export const totalsOf = (cells: Cell[]) =>
  cells.reduce(
    (sum, cell) => ({
      cost: sum.cost + cell.cost,
      requests: sum.requests + cell.requests,
      errors: sum.errors + (isError(cell.endedBy) ? cell.requests : 0),
    }),
    { cost: 0, requests: 0, errors: 0 },
  );

/** Spend a day over the last 7 days before today and today, in whole nano-credits. */
export function usualDayOf(cells: Cell[], now = Date.now()): number {
  const from = startOfDay(now).getTime() - 6 * DAY_MS;
  return Math.round(totalsOf(cells.filter((cell) => cell.day.getTime() >= from)).cost / 7);
}

export async function balanceOf(account: Account): Promise<BalanceView> {
  const paid = account.holds.filter((hold) => !hold.free && hold.amount > 0);
  return {
    credits: account.credits,
    held: paid.reduce((sum, hold) => sum + hold.amount, 0),
    open: paid.length,
    freeRequests: account.free.requests,
    usualDay: usualDayOf(await recentCells(account._id, 30)),
  };
}
