import { randomUUID } from "node:crypto";
import type { Filter, UpdateFilter } from "mongodb";
import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { accounts } from "./collection";
import { projectMissing } from "./projects";
import type { Account, WindowLimits, Project } from "./schema";
import { minuteOf, monthKey, monthOf } from "./windows";

/** All limits of a project; one that is left out does not limit. */
export type ProjectLimits = WindowLimits & {
  models?: string[] | undefined;
  addresses?: string[] | undefined;
  origins?: string[] | undefined;
  /** Set, it keeps the day on which it was first set. */
  priceGuard?: boolean | undefined;
};

const TRIES = 100;
/** Below what any month's requests could give back, so that a month that is opening lets none through. */
const CLOSED = -(2 ** 52);

/**
 * Puts a project's limits in place of those it had and keeps the counters right with requests in flight: a changed limit moves
 * what is left by the difference; a removed one takes its counter along. A new monthly limit counts what this month has charged
 * already and what its open requests hold: one write closes the month and returns both as they are at that instant, a second
 * one opens it by their sum. What requests give back meanwhile is added in between, so no traffic can keep it from being exact.
 */
export async function setLimits(input: {
  accountId: string;
  projectId: string;
  limits: ProjectLimits;
  now?: number;
}): Promise<void> {
  const { accountId, projectId, limits, now = clock.now() } = input;
  const all = await accounts();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    const project = account?.projects.find((candidate) => candidate.id === projectId);
    if (!account || !project) throw projectMissing();
    const { filter, update, opening } = change({ project, accountId, limits, now });
    const after = await all.findOneAndUpdate(filter as Filter<Account>, update, {
      arrayFilters: [{ "p.id": projectId }],
      returnDocument: "after",
    });
    if (after && opening) await openMonth({ account: after, projectId, opening, now });
    if (after) return;
  }
  throw new AppError(
    "unavailable",
    "Too many requests start and end at this instant to change the limits: try again.",
  );
}

/**
 * Opens the current month of a project again in the place of one that a wrong clock opened, with what its requests have left of
 * it. Nothing when the month is no longer the one that was seen.
 */
export async function reopenMonth({
  accountId,
  project,
  now,
}: InMonth & { accountId: string }): Promise<void> {
  const opening = randomUUID();
  const { creditsPerMonth } = project.limits;
  const after = await (
    await accounts()
  ).findOneAndUpdate(
    {
      _id: accountId,
      projects: {
        $elemMatch: {
          id: project.id,
          "limits.creditsPerMonth": creditsPerMonth,
          "month.at": project.month?.at,
        },
      },
    } as Filter<Account>,
    { $set: { "projects.$[p].month": { at: monthOf(now), left: CLOSED, opening } } },
    { arrayFilters: [{ "p.id": project.id }], returnDocument: "after" },
  );
  if (after) await openMonth({ account: after, projectId: project.id, opening, now });
}

async function openMonth(input: {
  account: Account;
  projectId: string;
  opening: string;
  now: number;
}): Promise<void> {
  const { account, projectId, opening, now } = input;
  const project = account.projects.find((candidate) => candidate.id === projectId);
  const limit = project?.limits.creditsPerMonth;
  if (!project || limit === undefined) return;
  await (
    await accounts()
  ).updateOne(
    { _id: account._id, projects: { $elemMatch: { id: projectId, "month.opening": opening } } },
    {
      $inc: { "projects.$[p].month.left": limit - usedOf({ account, project, now }) - CLOSED },
      $unset: { "projects.$[p].month.opening": "" },
    },
    { arrayFilters: [{ "p.id": projectId, "p.month.opening": opening }] },
  );
}

function change(input: {
  project: Project;
  accountId: string;
  limits: ProjectLimits;
  now: number;
}) {
  const { project, accountId, limits, now } = input;
  const before: Record<string, unknown> = { id: project.id };
  const filter: Record<string, unknown> = { _id: accountId, projects: { $elemMatch: before } };
  let opening: string | null = null;
  const set: Record<string, unknown> = {};
  const unset: Record<string, ""> = {};
  const inc: Record<string, number> = {};
  const put = (path: string, value: unknown) => {
    if (value === undefined) unset[`projects.$[p].${path}`] = "";
    else set[`projects.$[p].${path}`] = value;
  };
  put("models", limits.models);
  put("addresses", limits.addresses);
  put("origins", limits.origins);
  put("priceGuard", limits.priceGuard ? (project.priceGuard ?? { at: now }) : undefined);
  for (const [name, limit] of [
    ["minute", "requestsPerMinute"],
    ["month", "creditsPerMonth"],
  ] as const) {
    const [old, next] = [project.limits[limit], limits[limit]];
    put(`limits.${limit}`, next);
    before[`limits.${limit}`] = old ?? { $exists: false };
    const window = project[name];
    before[`${name}.at`] = window?.at ?? { $exists: false };
    // One that was never opened, because its process was killed between the two writes, is opened again.
    const openingToken = name === "month" ? project.month?.opening : undefined;
    if (name === "month") before["month.opening"] = openingToken ?? { $exists: false };
    if (next === undefined) unset[`projects.$[p].${name}`] = "";
    else if (old !== undefined && window !== undefined && openingToken === undefined)
      inc[`projects.$[p].${name}.left`] = next - old;
    else if (name === "minute") set[`projects.$[p].${name}`] = { at: minuteOf(now), left: next };
    else {
      opening = randomUUID();
      set[`projects.$[p].${name}`] = { at: monthOf(now), left: CLOSED, opening };
    }
  }
  const update: UpdateFilter<Account> = {};
  if (Object.keys(set).length > 0) update.$set = set;
  if (Object.keys(unset).length > 0) update.$unset = unset;
  if (Object.values(inc).some((by) => by !== 0)) update.$inc = inc;
  return { filter, update, opening };
}

type InMonth = { project: Project; now: number };
type OfAccount = InMonth & { account: Account };

/** Nano-credits that a project has been charged this month, or holds. */
export const usedOf = (input: OfAccount): number => spentOf(input) + heldOf(input);

export const spentOf = ({ project, now }: InMonth): number => project.spent?.[monthKey(now)] ?? 0;

export function heldOf({ account, project, now }: OfAccount): number {
  return account.holds
    .filter(
      (hold) => hold.projectId === project.id && !hold.free && monthOf(hold.at) === monthOf(now),
    )
    .reduce((sum, hold) => sum + hold.amount, 0);
}
