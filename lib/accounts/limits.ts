import type { Filter, UpdateFilter } from "mongodb";
import { AppError } from "@/lib/errors";
import { accounts } from "./collection";
import { projectMissing } from "./projects";
import type { Account, Limits, Project } from "./schema";
import { minuteOf, monthKey, monthOf } from "./windows";

/** All limits of a project; one that is left out does not limit. */
export type ProjectLimits = Limits & {
  models?: string[] | undefined;
  addresses?: string[] | undefined;
};

const TRIES = 100;

/**
 * Puts a project's limits in place of those it had, in one write that keeps the counters right with requests in flight:
 * a changed limit moves what is left by the difference; a new monthly limit counts what this month has charged already and
 * what its open requests hold; a removed one takes its counter along.
 */
export async function setLimits(input: {
  accountId: string;
  projectId: string;
  limits: ProjectLimits;
  now?: number;
}): Promise<void> {
  const { accountId, projectId, limits, now = Date.now() } = input;
  const all = await accounts();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    const project = account?.projects.find((each) => each.id === projectId);
    if (!account || !project) throw projectMissing();
    const { filter, update } = change({ account, project, limits, now });
    const done = await all.updateOne(filter as Filter<Account>, update, { arrayFilters: [{ "p.id": projectId }] });
    if (done.matchedCount === 1) return;
  }
  throw new AppError("unavailable", "Too many requests start and end at this instant to change the limits: try again.");
}

function change(input: { account: Account; project: Project; limits: ProjectLimits; now: number }) {
  const { account, project, limits, now } = input;
  const before: Record<string, unknown> = { id: project.id };
  const filter: Record<string, unknown> = { _id: account._id, projects: { $elemMatch: before } };
  const set: Record<string, unknown> = {};
  const unset: Record<string, ""> = {};
  const inc: Record<string, number> = {};
  const put = (path: string, value: unknown) => {
    if (value === undefined) unset[`projects.$[p].${path}`] = "";
    else set[`projects.$[p].${path}`] = value;
  };
  put("models", limits.models);
  put("addresses", limits.addresses);
  for (const [name, limit] of [
    ["minute", "requestsPerMinute"],
    ["month", "creditsPerMonth"],
  ] as const) {
    const [old, next] = [project.limits[limit], limits[limit]];
    put(`limits.${limit}`, next);
    before[`limits.${limit}`] = old ?? { $exists: false };
    const window = project[name];
    before[`${name}.at`] = window?.at ?? { $exists: false };
    if (next === undefined) unset[`projects.$[p].${name}`] = "";
    else if (old !== undefined && window !== undefined) inc[`projects.$[p].${name}.left`] = next - old;
    else if (name === "minute") set[`projects.$[p].${name}`] = { at: minuteOf(now), left: next };
    else {
      set[`projects.$[p].${name}`] = { at: monthOf(now), left: next - usedOf({ account, project, now }) };
      // Both sums are those of this very instant, or the write does not happen.
      filter.holds = account.holds;
      filter.charged = account.charged;
    }
  }
  const update: UpdateFilter<Account> = {};
  if (Object.keys(set).length > 0) update.$set = set;
  if (Object.keys(unset).length > 0) update.$unset = unset;
  if (Object.values(inc).some((by) => by !== 0)) update.$inc = inc;
  return { filter, update };
}

type InMonth = { account: Account; project: Project; now: number };

/** Nano-credits that a project has been charged this month, or holds. */
export const usedOf = (input: InMonth): number => spentOf(input) + heldOf(input);

export const spentOf = ({ project, now }: Omit<InMonth, "account">): number => project.spent?.[monthKey(now)] ?? 0;

export function heldOf({ account, project, now }: InMonth): number {
  return account.holds
    .filter((hold) => hold.projectId === project.id && !hold.free && monthOf(hold.at) === monthOf(now))
    .reduce((sum, hold) => sum + hold.amount, 0);
}
