import type { Account } from "@/lib/accounts/schema";
import { findModel } from "@/lib/catalog/queries";
import { formatShortDay } from "@/lib/format";
import { formatCredits } from "@/lib/money";
import { listCells, type UsageCell } from "@/lib/usage/figures";
import { lastDays, periodBefore, type UsagePeriod } from "@/lib/usage/period";
import { isError } from "@/lib/usage/schema";
import type { ToolAnswer } from "./tools";

const ROWS_MAX = 14;

type UsageDimension = "day" | "model" | "project";

const headings: Record<UsageDimension, string> = {
  day: "Day",
  model: "Model",
  project: "Project",
};

/**
 * What an account used in the last days, by day, model or project. Models and projects are compared with the days before,
 * unless rows of those have expired.
 */
export async function readUsage({
  account,
  days,
  by,
}: {
  account: Account;
  days: number;
  by: UsageDimension;
}): Promise<ToolAnswer> {
  const period = lastDays(days);
  const before = by === "day" ? null : periodBefore(period);
  const accountId = account._id;
  const [cells, cellsBefore] = await Promise.all([
    listCells({ accountId, ...period }),
    before === null ? [] : listCells({ accountId, ...before }),
  ]);
  const keyOf = (cell: UsageCell) => groupKey(account, by, cell);
  const groups = groupBy(cells, keyOf);
  const groupsBefore = groupBy(cellsBefore, keyOf);
  const keys = [...new Set([...groups.keys(), ...groupsBefore.keys()])];
  const rows = keys
    .map((key) => ({
      key,
      cells: groups.get(key) ?? [],
      costBefore: before === null ? null : costOf(groupsBefore.get(key) ?? []),
    }))
    .map((row) => ({ ...row, cost: costOf(row.cells) }))
    .toSorted((a, b) =>
      by === "day" ? a.key.localeCompare(b.key) : b.cost - a.cost || a.key.localeCompare(b.key),
    );
  const shownRows = by === "day" ? rows.slice(-ROWS_MAX) : rows.slice(0, ROWS_MAX);
  const noun = headings[by].toLowerCase();
  return {
    data: {
      from: period.from,
      to: period.to,
      total: totalOf(cells),
      rows: rows.map((row) => ({
        key: row.key,
        ...totalOf(row.cells),
        ...(row.costBefore === null ? {} : { credits_before: formatCredits(row.costBefore) }),
      })),
      ...(before === null
        ? {}
        : { before: { from: before.from, to: before.to, total: totalOf(cellsBefore) } }),
    },
    summary: `read ${daysText({ from: before?.from ?? period.from, to: period.to })}, ${rows.length} ${noun}${rows.length === 1 ? "" : "s"}`,
    reading: {
      heading: headings[by],
      period: daysText(period),
      periodBefore: before === null ? null : daysText(before),
      rows: shownRows.map(({ key, cost, costBefore }) => ({
        name: by === "model" ? (findModel(key)?.name ?? key) : key,
        cost,
        costBefore,
      })),
      hidden: rows.length - shownRows.length,
    },
  };
}

function groupBy<T>(list: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function groupKey(account: Account, by: UsageDimension, cell: UsageCell): string {
  switch (by) {
    case "day":
      return cell.day.toISOString().slice(0, 10);
    case "model":
      return cell.model;
    case "project":
      return projectName(account, cell.projectId);
  }
}

/** The name of a project in a tool's result. */
export const projectName = (account: Account, id: string): string =>
  account.projects.find((project) => project.id === id)?.name ?? "a deleted project";

const costOf = (cells: UsageCell[]): number => cells.reduce((sum, { cost }) => sum + cost, 0);

const totalOf = (cells: UsageCell[]) => ({
  credits: formatCredits(costOf(cells)),
  requests: cells.reduce((sum, { requests }) => sum + requests, 0),
  errors: cells.reduce((sum, { endedBy, requests }) => sum + (isError(endedBy) ? requests : 0), 0),
});

/** "18 to 24 Nov", "28 Oct to 10 Nov", or one day: "24 Nov". */
function daysText({ from, to }: UsagePeriod): string {
  if (from.getTime() === to.getTime()) return formatShortDay(to);
  const isOneMonth =
    from.getUTCMonth() === to.getUTCMonth() && from.getUTCFullYear() === to.getUTCFullYear();
  return `${isOneMonth ? from.getUTCDate() : formatShortDay(from)} to ${formatShortDay(to)}`;
}
