import { days, rollUps, usage } from "./collection";
import { addFigures, DAY_MS, isError, noFigures, type EndedBy, type Figures } from "./schema";
import { figuresOf, SUMS, type SumsByEnd } from "./sums";

/** A stretch of whole UTC days, both included, and what to look at in it. */
export type UsageFilter = {
  accountId: string;
  from: Date;
  to: Date;
  projectId?: string;
  model?: string;
  endedBy?: EndedBy;
};

/** The figures of one day, project and model. */
export type Cell = Figures & { day: Date; projectId: string; model: string; errors: number };

/**
 * What an account used, by day, project and model: closed days from `days`, the rest from rows. Its time depends on the
 * number of days, projects and models, and on the rows of today, not on all rows.
 */
export async function listCells(filter: UsageFilter): Promise<Cell[]> {
  const end = new Date(filter.to.getTime() + DAY_MS);
  const rolledBefore = (await (await rollUps()).findOne({ _id: "days" }))?.rolledBefore ?? filter.from;
  const [closed, open] = await Promise.all([
    filter.from < rolledBefore ? closedCells(filter, rolledBefore < end ? rolledBefore : end) : [],
    rolledBefore < end ? openCells(filter, rolledBefore > filter.from ? rolledBefore : filter.from, end) : [],
  ]);
  return [...closed, ...open];
}

const scope = ({ accountId, projectId, model }: UsageFilter) => ({
  accountId,
  ...(projectId === undefined ? {} : { projectId }),
  ...(model === undefined ? {} : { model }),
});

async function closedCells(filter: UsageFilter, end: Date): Promise<Cell[]> {
  const { from, endedBy } = filter;
  const found = await (await days()).find({ ...scope(filter), day: { $gte: from, $lt: end } }).toArray();
  return found.flatMap(({ day, projectId, model, errors, ended, requests, free, freeCost, cost, tokens }) => {
    const place = { day, projectId, model };
    if (endedBy === undefined) return [{ ...place, errors, requests, free, freeCost, cost, tokens }];
    const part = ended[endedBy];
    return part ? [{ ...place, errors: isError(endedBy) ? part.requests : 0, ...part }] : [];
  });
}

type Group = SumsByEnd & { _id: { day: Date; project: string; model: string; ended: EndedBy } };

async function openCells(filter: UsageFilter, from: Date, end: Date): Promise<Cell[]> {
  const { endedBy } = filter;
  const day = { $dateTrunc: { date: "$at", unit: "day" } };
  const groups = await (
    await usage()
  )
    .aggregate<Group>([
      { $match: { ...scope(filter), at: { $gte: from, $lt: end }, ...(endedBy === undefined ? {} : { endedBy }) } },
      { $group: { _id: { day, project: "$projectId", model: "$model", ended: "$endedBy" }, ...SUMS } },
    ])
    .toArray();
  const cells = new Map<string, Cell>();
  for (const { _id, ...sums } of groups) {
    const { project: projectId, model, ended } = _id;
    const key = `${_id.day.getTime()} ${projectId} ${model}`;
    const cell = cells.get(key) ?? { day: _id.day, projectId, model, errors: 0, ...noFigures() };
    addFigures(cell, figuresOf(sums));
    if (isError(ended)) cell.errors += sums.requests;
    cells.set(key, cell);
  }
  return [...cells.values()];
}
