import { setTimeout as sleep } from "node:timers/promises";
import type { Filter, UpdateFilter } from "mongodb";
import { AppError } from "@/lib/errors";
import { windowFilter, windowOf, windowUpdate, type AccountWindow } from "./account-window";
import { addressBlocks } from "./addresses";
import { accounts } from "./collection";
import { writeHold } from "./hold-writes";
import { reopenMonth, spentOf } from "./limits";
import { choose, isGuarded, leastFor, type HoldRequest, type HoldPlan } from "./plan";
import { invalidKey, refuseIfLimited } from "./refusals";
import type { Account, Hold, Project } from "./schema";
import { readAccount, recallAccount, rememberAccount } from "./seen-accounts";
import { isHeldElsewhere, waitForCredits } from "./wait-for-credits";
import { AHEAD_MS, minuteFor, minuteOf, monthOf } from "./windows";

export type PlacedHold = {
  accountId: string;
  projectId: string;
  hold: Hold;
  /** The most that the request can cost, in nano-credits: more than the hold where that is all that was left. */
  maxCost: number;
  /** The project's own setting, where it has one. */
  exactStreamUsage?: boolean;
  minute?: { limit: number; left: number; resetAt: number };
};

/** For what the project must not have: null also stands for a field that is missing. */
const ABSENT = null;

/**
 * Checks the key and its limits and reserves the request's maximum cost, in one conditional write. What is missing only because
 * other requests of the account hold it is waited for, for a few seconds.
 * Throws AppError: invalid_key, forbidden, rate_limited, insufficient_credits or unavailable.
 */
export async function placeHold(request: HoldRequest): Promise<PlacedHold> {
  try {
    return await tryHold(request);
  } catch (refusal) {
    const account = isHeldElsewhere(refusal) ? recallAccount(request.digest) : null;
    if (!account) throw refusal;
    return waitForCredits({
      accountId: account._id,
      refusal,
      attempt: () => tryHold(request),
      abandoned: () => request.left?.aborted ?? false,
    });
  }
}

/** A failed attempt means that another request of the account changed what this one had seen. */
const ATTEMPTS = 20;
/** From this attempt on, a request waits a few milliseconds, and takes credits rather than compete for the last free requests. */
const CONTENDED_FROM = 3;

async function tryHold(asked: HoldRequest): Promise<PlacedHold> {
  let request = asked;
  let account = recallAccount(request.digest) ?? (await readAccount(request.digest));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const isContended = attempt >= CONTENDED_FROM;
    if (isContended) await sleep(Math.random() * attempt * 4);
    const project = account?.projects.find((each) => each.key?.digest === request.digest);
    if (!account || !project) throw invalidKey();
    const isBlocked = isGuarded({ project, request });
    let plan = isBlocked ? null : choose({ account, project, request, isContended });
    if (request.refine && !isBlocked && (!plan || plan.allCredits || plan.allMonth)) {
      const { refine, ...rest } = request;
      request = { ...rest, ...(await refine()) };
      plan = choose({ account, project, request, isContended });
    }
    if (plan) {
      const window = windowOf({ account, now: request.now });
      // The requests that follow count in the minute that this one opens.
      if (window.isNew)
        rememberAccount(request.digest, { ...account, minute: { at: window.at, used: 0 } });
      const held = await attemptHold({ account, project, request, plan, window, isContended });
      if (held) return held;
    }
    // What an answer that has ended still holds may be what is missing.
    await request.settled?.();
    account = await readAccount(request.digest);
    const current = account?.projects.find((each) => each.key?.digest === request.digest);
    if (!account || !current) throw invalidKey();
    if (await openWindows({ accountId: account._id, project: current, now: request.now }))
      account = await readAccount(request.digest);
    if (account) refuseIfLimited({ account, request });
  }
  throw new AppError(
    "unavailable",
    "Too many requests of this account start at the same instant: try again.",
    {
      headers: { "retry-after": "1" },
    },
  );
}

async function attemptHold(input: {
  account: Account;
  project: Project;
  request: HoldRequest;
  plan: HoldPlan;
  window: AccountWindow;
  isContended: boolean;
}): Promise<PlacedHold | null> {
  const { account, project, request, plan, window, isContended } = input;
  const { requestsPerMinute, creditsPerMonth } = project.limits;
  const minute = minuteFor({ start: project.minute?.at, now: request.now });
  const takesMonth = creditsPerMonth !== undefined && !plan.free && plan.amount > 0;
  const match: Record<string, unknown> = {
    id: project.id,
    "key.digest": request.digest,
    models: project.models ? request.model : ABSENT,
    addresses: project.addresses ? { $in: addressBlocks(request.address) } : ABSENT,
    // A list contains the origin of a script; what comes from no browser meets the list as it was seen.
    origins: project.origins ? (request.origin ?? project.origins) : ABSENT,
    // What the request is sent with, as the dashboard shows it now.
    exactStreamUsage: project.exactStreamUsage ?? ABSENT,
    "priceGuard.at": project.priceGuard?.at ?? ABSENT,
    "limits.requestsPerMinute": requestsPerMinute ?? ABSENT,
    "limits.creditsPerMonth": creditsPerMonth ?? ABSENT,
  };
  if (takesMonth) match["month.at"] = monthOf(request.now);
  const { requestId: id, by, now: at, model, endpoint } = request;
  const freeFrom = isContended ? Number.MAX_SAFE_INTEGER : leastFor(request);
  const hold: Hold = {
    id,
    projectId: project.id,
    amount: plan.amount,
    free: plan.free,
    by,
    at,
    model,
    endpoint,
  };
  const { exactStreamUsage } = project;
  const held: PlacedHold = {
    ...{ accountId: account._id, projectId: project.id, hold, maxCost: request.maxCost },
    ...(exactStreamUsage === undefined ? {} : { exactStreamUsage }),
  };
  // Where the write's own outcome says all there is to know, it goes with the others of its instant.
  if (!plan.free && !plan.allCredits && !plan.allMonth && requestsPerMinute === undefined) {
    const limits = `${exactStreamUsage} ${creditsPerMonth} ${takesMonth ? monthOf(request.now) : "-"} ${project.models ? model : "-"} ${project.priceGuard?.at ?? "-"}`;
    const matchKey = `${request.digest} ${limits} ${project.addresses ? `from ${request.address}` : "-"} ${project.origins ? `on ${request.origin ?? project.origins.join(" ")}` : "-"}`;
    const write = { accountId: account._id, hold, window, match, matchKey, takesMonth, freeFrom };
    return (await writeHold(write)) ? held : null;
  }
  const { $set, $inc } = windowUpdate(window, 1);
  const inc: Record<string, number> = { ...$inc };
  if (requestsPerMinute !== undefined) {
    match["minute.at"] = minute;
    match["minute.left"] = { $gte: 1 };
    inc["projects.$[p].minute.left"] = -1;
  }
  if (takesMonth) {
    match["month.left"] = plan.allMonth ? project.month?.left : { $gte: plan.amount };
    inc["projects.$[p].month.left"] = -plan.amount;
  }
  const filter: Record<string, unknown> = {
    _id: account._id,
    projects: { $elemMatch: match },
    "holds.id": { $ne: id },
    ...windowFilter(window, 1),
  };
  if (plan.free) {
    filter["free.requests"] = { $gte: 1 };
    filter["free.credits"] = plan.allCredits ? plan.amount : { $gte: plan.amount };
    inc["free.requests"] = -1;
    inc["free.credits"] = -plan.amount;
  } else if (plan.amount > 0) {
    filter.credits = plan.allCredits ? plan.amount : { $gte: plan.amount };
    filter.$or = [{ "free.requests": { $lt: 1 } }, { "free.credits": { $lt: freeFrom } }];
    inc.credits = -plan.amount;
  }
  const update: UpdateFilter<Account> = {
    $push: { holds: hold },
    ...($set ? { $set } : {}),
    ...(Object.keys(inc).length > 0 ? { $inc: inc } : {}),
  };
  const usesProject = Object.keys(inc).some((path) => path.includes("$[p]"));
  const arrayFilters = usesProject ? { arrayFilters: [{ "p.id": project.id }] } : {};
  const after = await (
    await accounts()
  ).findOneAndUpdate(filter as Filter<Account>, update, {
    returnDocument: "after",
    projection: { holds: 0 },
    ...arrayFilters,
  });
  if (!after) return null;
  rememberAccount(request.digest, { ...after, holds: [] });
  const left = after.projects.find((each) => each.id === project.id)?.minute?.left;
  return {
    ...held,
    ...(requestsPerMinute !== undefined && left !== undefined
      ? { minute: { limit: requestsPerMinute, left, resetAt: minute + 60_000 } }
      : {}),
  };
}

/**
 * Opens a new minute or month where the stored one is over, or was opened by a clock that was ahead; true when a write was
 * tried. Guarded by the old value and the limit.
 */
async function openWindows({
  accountId,
  project,
  now,
}: {
  accountId: string;
  project: Project;
  now: number;
}): Promise<boolean> {
  const { requestsPerMinute, creditsPerMonth } = project.limits;
  const [minuteAt, monthAt] = [minuteOf(now), monthOf(now)];
  const minute =
    requestsPerMinute !== undefined && isOver({ window: project.minute, at: minuteAt, now });
  if (minute)
    await open({ accountId, project, name: "minute", at: minuteAt, left: requestsPerMinute });
  const month =
    creditsPerMonth !== undefined && isOver({ window: project.month, at: monthAt, now });
  if (!month) return minute;
  // Where a clock was wrong, the month has been used already; else it begins now, and whole.
  const isNew = (project.month?.at ?? 0) < monthAt && spentOf({ project, now }) === 0;
  if (isNew) await open({ accountId, project, name: "month", at: monthAt, left: creditsPerMonth });
  else await reopenMonth({ accountId, project, now });
  return true;
}

const isOver = ({
  window,
  at,
  now,
}: {
  window: { at: number } | undefined;
  at: number;
  now: number;
}): boolean => window === undefined || window.at < at || window.at > now + AHEAD_MS;

async function open(input: {
  accountId: string;
  project: Project;
  name: "minute" | "month";
  at: number;
  left: number;
}): Promise<void> {
  const { accountId, project, name, at, left } = input;
  const limit = name === "minute" ? "requestsPerMinute" : "creditsPerMonth";
  const before = {
    [`${name}.at`]: project[name]?.at ?? { $exists: false },
    [`limits.${limit}`]: left,
  };
  await (
    await accounts()
  ).updateOne(
    { _id: accountId, projects: { $elemMatch: { id: project.id, ...before } } },
    { $set: { [`projects.$[p].${name}`]: { at, left } } },
    { arrayFilters: [{ "p.id": project.id }] },
  );
}
