import { findModel } from "@/lib/catalog/queries";
import { providerIds, providerName } from "@/lib/providers";
import {
  addCell,
  ALL_TIMES,
  newTotal,
  type InsightCell,
  type InsightTotal,
  type TimeName,
} from "@/lib/usage/insight";
import { listInsights, listMinutes, UNIT_MS, type InsightUnit } from "@/lib/usage/insights";
import { periodBefore, type UsagePeriod } from "@/lib/usage/period";
import { DAY_MS, isError, startOfDay, type EndedBy } from "@/lib/usage/schema";
import { endings } from "./endings";
import { measures } from "./measures";
import type { UsageDimension, UsageSearch } from "./search";

/** The totals of one model, project, provider, key, endpoint or ending. */
export interface UsageGroup {
  id: string;
  name: string;
  total: InsightTotal;
  before: InsightTotal | null;
}

/** One hour or day, with the totals of each group by id. */
export interface UsageSlot {
  at: Date;
  total: InsightTotal;
  groups: Map<string, InsightTotal>;
  before: InsightTotal | null;
}

export interface UsageView {
  unit: InsightUnit;
  period: UsagePeriod;
  /** The period before, which the figures are compared with. */
  before: UsagePeriod | null;
  total: InsightTotal;
  totalBefore: InsightTotal | null;
  groups: UsageGroup[];
  slots: UsageSlot[];
  /** The UTC days on which rows match, or rows with errors, for the list of rows. */
  days: Date[];
  errorDays: Date[];
  /** What the filters can choose: all that is there in the range, whatever is chosen. */
  choices: Record<Exclude<UsageDimension, "ending">, string[]>;
  isEmpty: boolean;
}

/** The last hour is shown by the minute, ranges up to so many days by the hour. */
const HOURLY_DAYS = 3;

/** Everything that the page shows of a range, summed up from insights. */
export async function loadUsage(input: {
  accountId: string;
  /** The insights of the last 90 days by day, of which ranges of more than three days are made. */
  recent: InsightCell[];
  search: UsageSearch;
  period: UsagePeriod;
  projectName: (id: string) => string;
  keyName: (id: string) => string;
  now?: number;
}): Promise<UsageView> {
  const { accountId, recent, search, period, now = Date.now() } = input;
  const isHour = search.range === "hour";
  const spanMs = isHour ? UNIT_MS.hour : period.to.getTime() - period.from.getTime() + DAY_MS;
  const unit = isHour ? "minute" : spanMs <= HOURLY_DAYS * DAY_MS ? "hour" : "day";
  const before = search.compare === "on" ? beforeOf(period, { isHour, now }) : null;
  const [all, allBefore] = await readCells({ accountId, recent, unit, period, before, now });
  const isShown = filterOf(search);
  const cells = all.filter(isShown);
  // A day or hour that has only begun is compared with what was there so far.
  const elapsedFrom = now - spanMs;
  const cellsBefore = allBefore?.filter(
    (cell) => isShown(cell) && cell.at + (unit === "day" ? 0 : UNIT_MS[unit]) <= elapsedFrom,
  );
  const nameOf = namesOf(input);
  const { slotTimes = [], groupTimes = [] } = measures[search.measure];
  const groups = groupsOf({ cells, cellsBefore, by: search.by, nameOf, times: groupTimes });
  return {
    unit,
    period,
    before,
    total: totalOf(cells),
    totalBefore: cellsBefore ? totalOf(cellsBefore) : null,
    groups,
    slots: slotsOf({
      cells,
      cellsBefore,
      by: search.by,
      unit,
      period,
      now,
      spanMs,
      times: slotTimes,
    }),
    days: daysOf(cells),
    errorDays: daysOf(cells.filter(({ endedBy }) => isError(endedBy))),
    choices: choicesOf(all),
    isEmpty: all.length === 0,
  };
}

const daysOf = (cells: InsightCell[]): Date[] =>
  [...new Set(cells.map(({ at }) => startOfDay(at).getTime()))].map((at) => new Date(at));

/** The same span right before; null where rows of it have expired. */
function beforeOf(period: UsagePeriod, { isHour, now }: { isHour: boolean; now: number }) {
  if (!isHour) return periodBefore(period, now);
  const from = new Date(period.from.getTime() - UNIT_MS.hour);
  return { from, to: period.from };
}

/** The cells of a period and of the one before. */
async function readCells(input: {
  accountId: string;
  recent: InsightCell[];
  unit: InsightUnit;
  period: UsagePeriod;
  before: UsagePeriod | null;
  now: number;
}): Promise<[InsightCell[], InsightCell[] | null]> {
  const { accountId, recent, unit, period, before, now } = input;
  if (unit === "day") return [within(recent, period), before && within(recent, before)];
  if (unit === "hour") {
    const hourly = async (days: UsagePeriod) => listInsights({ accountId, ...days }, "hour");
    return Promise.all([hourly(period), before && hourly(before)]);
  }
  const minutely = async (from: Date, end: Date) => listMinutes({ accountId, from, end });
  return Promise.all([
    minutely(period.from, new Date(now + UNIT_MS.minute)),
    before && minutely(before.from, before.to),
  ]);
}

const within = (cells: InsightCell[], { from, to }: UsagePeriod): InsightCell[] =>
  cells.filter(({ at }) => at >= from.getTime() && at <= to.getTime());

function filterOf({ project, key, provider, model, endpoint, ended: ending }: UsageSearch) {
  return (cell: InsightCell): boolean =>
    (project === undefined || cell.projectId === project) &&
    (key === undefined || cell.keyId === key) &&
    (provider === undefined || cell.provider === provider) &&
    (model === undefined || cell.model === model) &&
    (endpoint === undefined || cell.endpoint === endpoint) &&
    (ending === undefined || cell.endedBy === ending);
}

export function idOf(cell: InsightCell, by: UsageDimension): string {
  switch (by) {
    case "provider":
      return cell.provider;
    case "model":
      return cell.model;
    case "project":
      return cell.projectId;
    case "key":
      return cell.keyId;
    case "endpoint":
      return cell.endpoint;
    case "ending":
      return cell.endedBy;
  }
}

function namesOf(input: {
  search: UsageSearch;
  projectName: (id: string) => string;
  keyName: (id: string) => string;
}): (id: string) => string {
  switch (input.search.by) {
    case "provider":
      return (id) => (providerIds().includes(id) ? providerName(id) : id);
    case "model":
      return (id) => findModel(id)?.name ?? id;
    case "project":
      return input.projectName;
    case "key":
      return input.keyName;
    case "endpoint":
      return (id) => id;
    case "ending":
      return (id) => endings[id as EndedBy] ?? id;
  }
}

const add = (total: InsightTotal, cell: InsightCell) => addCell(total, cell, isError(cell.endedBy));

function totalOf(cells: InsightCell[]): InsightTotal {
  const total = newTotal(ALL_TIMES);
  for (const cell of cells) add(total, cell);
  return total;
}

function groupsOf(input: {
  cells: InsightCell[];
  cellsBefore: InsightCell[] | undefined;
  by: UsageDimension;
  nameOf: (id: string) => string;
  times: readonly TimeName[];
}): UsageGroup[] {
  const { cells, cellsBefore, by, nameOf, times } = input;
  const groups = new Map<string, UsageGroup>();
  for (const cell of cells) {
    const id = idOf(cell, by);
    const group = groups.get(id) ?? {
      id,
      name: nameOf(id),
      total: newTotal(times),
      before: cellsBefore ? newTotal(times) : null,
    };
    add(group.total, cell);
    groups.set(id, group);
  }
  for (const cell of cellsBefore ?? []) {
    const before = groups.get(idOf(cell, by))?.before;
    if (before) add(before, cell);
  }
  return [...groups.values()];
}

function slotsOf(input: {
  cells: InsightCell[];
  cellsBefore: InsightCell[] | undefined;
  by: UsageDimension;
  unit: InsightUnit;
  period: UsagePeriod;
  now: number;
  spanMs: number;
  times: readonly TimeName[];
}): UsageSlot[] {
  const { cells, cellsBefore, by, unit, period, now, spanMs, times } = input;
  const step = UNIT_MS[unit];
  const end = Math.min(period.to.getTime() + DAY_MS, Math.floor(now / step) * step + step);
  const slots = new Map<number, UsageSlot>();
  for (let at = period.from.getTime(); at < end; at += step)
    slots.set(at, {
      at: new Date(at),
      total: newTotal(times),
      groups: new Map(),
      before: cellsBefore ? newTotal(times) : null,
    });
  for (const cell of cells) {
    const slot = slots.get(cell.at);
    if (!slot) continue;
    const id = idOf(cell, by);
    const group = slot.groups.get(id) ?? newTotal([]);
    slot.groups.set(id, group);
    add(group, cell);
    add(slot.total, cell);
  }
  for (const cell of cellsBefore ?? []) {
    const before = slots.get(cell.at + spanMs)?.before;
    if (before) add(before, cell);
  }
  return [...slots.values()];
}

function choicesOf(cells: InsightCell[]): UsageView["choices"] {
  const providers = new Set<string>();
  const models = new Set<string>();
  const projects = new Set<string>();
  const keys = new Set<string>();
  const endpoints = new Set<string>();
  for (const cell of cells) {
    providers.add(cell.provider);
    models.add(cell.model);
    projects.add(cell.projectId);
    keys.add(cell.keyId);
    endpoints.add(cell.endpoint);
  }
  const listOf = (ids: Set<string>) => [...ids].filter((id) => id !== "").toSorted();
  return {
    provider: listOf(providers),
    model: listOf(models),
    project: listOf(projects),
    key: listOf(keys),
    endpoint: listOf(endpoints),
  };
}
