import type { Filter, UpdateFilter } from "mongodb";
import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import { projectMissing } from "./projects";
import {
  ACCOUNT_SCOPE,
  capChange,
  refuseBelowHeld,
  type Account,
  type Limits,
  type Project,
} from "./schema";
import { monthKey, monthOf } from "./windows";

/** All limits of a project; one that is left out does not limit. */
export type ProjectLimits = Limits & {
  models?: string[] | undefined;
  addresses?: string[] | undefined;
  origins?: string[] | undefined;
  /** Set, it keeps the day on which it was first set. */
  priceGuard?: boolean | undefined;
};

/**
 * Puts a project's limits in place of those it had, from the next request on and on every instance. A rate moves by the
 * difference; a credit limit counts what its window has charged already and what open requests hold, see open-caps.ts.
 * Returns the limits it had. Throws not_found, and bad_request for a limit below what open requests hold.
 */
export async function setLimits(input: {
  accountId: string;
  projectId: string;
  limits: ProjectLimits;
  /** The `rulesVersion` that the caller has seen: after another change, nothing is written. */
  version?: number | undefined;
  now?: number;
}): Promise<ProjectLimits> {
  const { accountId, projectId, limits, version, now = clock.now() } = input;
  const { models, addresses, origins, priceGuard, ...next } = limits;
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await accounts.findOne({ _id: accountId, "projects.id": projectId });
    const project = account?.projects.find((candidate) => candidate.id === projectId);
    if (!account || !project) throw projectMissing();
    refuseOtherVersion(account, version);
    refuseBelowHeld({ holds: account.holds, scope: projectId, limits: next, now });
    const fields: Record<string, unknown> = {
      limits: withoutUndefined(next),
      models,
      addresses,
      origins,
      priceGuard: priceGuard ? (project.priceGuard ?? { at: now }) : undefined,
    };
    const path = (name: string) => `projects.$[p].${name}`;
    const set = Object.entries(fields).filter(([, value]) => value !== undefined);
    const unset = Object.entries(fields).filter(([, value]) => value === undefined);
    const { caps } = account;
    const change = capChange({ caps, scope: projectId, before: project.limits, after: next });
    const { matchedCount } = await accounts.updateOne(
      sameVersion(account),
      {
        $set: {
          ...Object.fromEntries(set.map(([name, value]) => [path(name), value])),
          ...change.$set,
        },
        ...(unset.length > 0
          ? { $unset: Object.fromEntries(unset.map(([name]) => [path(name), ""])) }
          : {}),
        $inc: { ...change.$inc, rulesVersion: 1 },
      } as UpdateFilter<Account>,
      { arrayFilters: [{ "p.id": projectId }, ...change.arrayFilters] },
    );
    return matchedCount === 1 ? limitsOf(project) : undefined;
  });
}

/** The same for the limits of an account over all its projects. */
export async function setAccountLimits(input: {
  accountId: string;
  limits: Limits;
  version?: number | undefined;
  now?: number;
}): Promise<Limits> {
  const { accountId, limits, version, now = clock.now() } = input;
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await accounts.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw new AppError("not_found", "There is no such account.");
    refuseOtherVersion(account, version);
    refuseBelowHeld({ holds: account.holds, scope: ACCOUNT_SCOPE, limits, now });
    const before = account.limits ?? {};
    const change = capChange({
      caps: account.caps,
      scope: ACCOUNT_SCOPE,
      before,
      after: limits,
    });
    const { matchedCount } = await accounts.updateOne(
      sameVersion(account),
      {
        $set: { limits: withoutUndefined(limits), ...change.$set },
        $inc: { ...change.$inc, rulesVersion: 1 },
      } as UpdateFilter<Account>,
      change.arrayFilters.length > 0 ? { arrayFilters: change.arrayFilters } : {},
    );
    return matchedCount === 1 ? before : undefined;
  });
}

function refuseOtherVersion({ rulesVersion = 0 }: Account, version: number | undefined): void {
  if (version !== undefined && version !== rulesVersion)
    throw new AppError(
      "bad_request",
      "Keys or limits of the account were changed since. Read them again, then repeat the change.",
      { reason: "precondition_failed", status: 412 },
    );
}

const sameVersion = ({ _id, rulesVersion }: Account): Filter<Account> =>
  ({ _id, rulesVersion: rulesVersion ?? null, erasedAt: { $exists: false } }) as Filter<Account>;

const withoutUndefined = (limits: Limits): Limits =>
  Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));

const limitsOf = ({ limits, models, addresses, origins, priceGuard }: Project): ProjectLimits => ({
  ...limits,
  models,
  addresses,
  origins,
  priceGuard: priceGuard !== undefined,
});

type InMonth = { project: Project; now: number };

/** Nano-credits that a project has been charged this month, or holds. */
export const usedOf = ({ account, ...input }: InMonth & { account: Account }): number =>
  spentOf(input) +
  account.holds
    .filter(
      ({ projectId, free, at }) =>
        projectId === input.project.id && !free && monthOf(at) === monthOf(input.now),
    )
    .reduce((sum, { amount }) => sum + amount, 0);

export const spentOf = ({ project, now }: InMonth): number => project.spent?.[monthKey(now)] ?? 0;
