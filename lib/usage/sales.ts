import { days, rollUps, usage } from "./collection";
import type { UsageFigures } from "./schema";

type SalesFigures = Pick<UsageFigures, "requests" | "cost" | "freeCost">;
/** The requests of all accounts for one model on one UTC day. */
export type ModelSales = SalesFigures & { day: Date; model: string };
/** The requests of one account since `from`, and what it was charged from `before` until then (nano-credits). */
export type AccountSales = SalesFigures & { accountId: string; costBefore: number };

/** Two UTC days: the sums by account begin at `from` and are compared with the days from `before` to it. */
type SalesRange = { before: Date; from: Date };

/**
 * What all accounts used since `before`, by day and model, and by account. Closed days are read from `days` through its index
 * on the day, the others from rows: its time depends on the days, accounts and models, and on the rows of today.
 */
export async function readSales({
  before,
  from,
}: SalesRange): Promise<{ models: ModelSales[]; accounts: AccountSales[] }> {
  const rolledBefore = (await rollUps().findOne({ _id: "days" }))?.rolledBefore ?? before;
  const closedDays = { day: { $gte: before, $lt: rolledBefore } };
  const [closedModels, closedAccounts, openCells] = await Promise.all([
    sumModels(closedDays),
    sumAccounts(closedDays, from),
    sumRows(rolledBefore > before ? rolledBefore : before),
  ]);
  const accounts = new Map(closedAccounts.map((account) => [account.accountId, account]));
  for (const { accountId, day, requests, cost, freeCost } of openCells) {
    const account = accounts.get(accountId) ?? noSales(accountId);
    accounts.set(accountId, account);
    if (day < from) account.costBefore += cost;
    else addSales(account, { requests, cost, freeCost });
  }
  return { models: [...closedModels, ...openCells], accounts: [...accounts.values()] };
}

const noSales = (accountId: string): AccountSales => ({
  accountId,
  requests: 0,
  cost: 0,
  freeCost: 0,
  costBefore: 0,
});

export function addSales(to: SalesFigures, { requests, cost, freeCost }: SalesFigures): void {
  to.requests += requests;
  to.cost += cost;
  to.freeCost += freeCost;
}

type ClosedDays = { day: { $gte: Date; $lt: Date } };

async function sumModels(closedDays: ClosedDays): Promise<ModelSales[]> {
  const groups = days.aggregate<SalesFigures & { _id: Pick<ModelSales, "day" | "model"> }>([
    { $match: closedDays },
    {
      $group: {
        _id: { day: "$day", model: "$model" },
        requests: { $sum: "$requests" },
        cost: { $sum: "$cost" },
        freeCost: { $sum: "$freeCost" },
      },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...figures }) => ({ ..._id, ...figures }));
}

async function sumAccounts(closedDays: ClosedDays, from: Date): Promise<AccountSales[]> {
  const isBefore = { $lt: ["$day", from] };
  const since = (field: string) => ({ $sum: { $cond: [isBefore, 0, field] } });
  const groups = days.aggregate<Omit<AccountSales, "accountId"> & { _id: string }>([
    { $match: closedDays },
    {
      $group: {
        _id: "$accountId",
        requests: since("$requests"),
        cost: since("$cost"),
        freeCost: since("$freeCost"),
        costBefore: { $sum: { $cond: [isBefore, "$cost", 0] } },
      },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...figures }) => ({ accountId: _id, ...figures }));
}

type OpenCell = ModelSales & { accountId: string };

/** The rows of the days that are not closed. */
async function sumRows(from: Date): Promise<OpenCell[]> {
  const groups = usage.aggregate<
    SalesFigures & { _id: Pick<OpenCell, "accountId" | "day" | "model"> }
  >([
    { $match: { at: { $gte: from } } },
    {
      $group: {
        _id: {
          accountId: "$accountId",
          day: { $dateTrunc: { date: "$at", unit: "day" } },
          model: "$model",
        },
        requests: { $sum: 1 },
        cost: { $sum: { $cond: ["$free", 0, "$cost"] } },
        freeCost: { $sum: { $cond: ["$free", "$cost", 0] } },
      },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...figures }) => ({ ..._id, ...figures }));
}
