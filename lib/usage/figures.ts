import { days, rollUps, usage } from "./collection";
import { DAY_MS, type EndedBy, type UsageFigures } from "./schema";
import { figuresOf, SUMS, type UsageSums } from "./sums";

/** A range of UTC days, both included, and which rows of it to read. */
export type UsageFilter = {
  accountId: string;
  from: Date;
  to: Date;
  projectId?: string | undefined;
  model?: string | undefined;
  endedBy?: EndedBy | undefined;
};

/** What rows and insights can be filtered by besides; summed-up days know none of it. */
export type RowFilter = UsageFilter & {
  provider?: string | undefined;
  endpoint?: string | undefined;
  keyId?: string | undefined;
  /** Several endings, where `endedBy` names none. */
  endings?: EndedBy[] | undefined;
};

/** The figures of one day, project, model and ending. */
export type UsageCell = UsageFigures & {
  day: Date;
  projectId: string;
  model: string;
  endedBy: EndedBy;
};

/**
 * What an account used, by day, project, model and ending: closed days from `days`, the rest from rows. Its time depends on
 * the number of days, projects and models, and on the rows of today, not on all rows.
 */
export async function listCells(filter: UsageFilter): Promise<UsageCell[]> {
  const end = new Date(filter.to.getTime() + DAY_MS);
  const rolledBefore =
    (await (await rollUps()).findOne({ _id: "days" }))?.rolledBefore ?? filter.from;
  const [closedDays, open] = await Promise.all([
    filter.from < rolledBefore ? closedCells(filter, rolledBefore < end ? rolledBefore : end) : [],
    rolledBefore < end
      ? openCells(filter, rolledBefore > filter.from ? rolledBefore : filter.from, end)
      : [],
  ]);
  return [...closedDays, ...open];
}

/** The part of a filter that is the same over rows and days. */
export const scopeOf = ({ accountId, projectId, model }: UsageFilter) => ({
  accountId,
  ...(projectId === undefined ? {} : { projectId }),
  ...(model === undefined ? {} : { model }),
});

async function closedCells(filter: UsageFilter, end: Date): Promise<UsageCell[]> {
  const within = { ...scopeOf(filter), day: { $gte: filter.from, $lt: end } };
  const dayRecords = await days
    .find(within, { projection: { day: 1, projectId: 1, model: 1, ended: 1 } })
    .toArray();
  return dayRecords.flatMap(({ day, projectId, model, ended: endedCells }) =>
    Object.entries(endedCells).flatMap(([name, figures]) => {
      const endedBy = name as EndedBy;
      const isSelected = filter.endedBy === undefined || filter.endedBy === endedBy;
      return isSelected ? [{ day, projectId, model, endedBy, ...figures }] : [];
    }),
  );
}

/** The figures of all accounts by channel and ending, of the rows from an instant on. */
export type ChannelCell = UsageFigures & { channel: string; provider: string; endedBy: EndedBy };

export async function listChannelCells({ from }: { from: Date }): Promise<ChannelCell[]> {
  const groups = usage.aggregate<
    UsageSums & { _id: Pick<ChannelCell, "channel" | "provider" | "endedBy"> }
  >([
    { $match: { at: { $gte: from } } },
    {
      $group: { _id: { channel: "$channel", provider: "$provider", endedBy: "$endedBy" }, ...SUMS },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...sums }) => ({ ..._id, ...figuresOf(sums) }));
}

type CellGroup = UsageSums & {
  _id: { day: Date; projectId: string; model: string; endedBy: EndedBy };
};

async function openCells(filter: UsageFilter, from: Date, end: Date): Promise<UsageCell[]> {
  const { endedBy } = filter;
  const day = { $dateTrunc: { date: "$at", unit: "day" } };
  const groups = usage.aggregate<CellGroup>([
    {
      $match: {
        ...scopeOf(filter),
        at: { $gte: from, $lt: end },
        ...(endedBy === undefined ? {} : { endedBy }),
      },
    },
    {
      $group: {
        _id: { day, projectId: "$projectId", model: "$model", endedBy: "$endedBy" },
        ...SUMS,
      },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...sums }) => ({ ..._id, ...figuresOf(sums) }));
}
