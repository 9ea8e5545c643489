import type { Filter, UpdateFilter } from "mongodb";
import { AppError } from "@/lib/errors";
import { formatCredits } from "@/lib/money";
import { addressBlocks } from "./addresses";
import { accounts } from "./collection";
import { HOLDS_MAX, type Account, type Hold, type Limits, type Project } from "./schema";
import { minuteOf, monthOf } from "./windows";

export type HoldRequest = {
  requestId: string;
  digest: string;
  /** The canonical model id, matched against the project's list. */
  model: string;
  endpoint: string;
  address: string;
  /** Nano-credits: the most this request can cost, and what it usually costs at most. Both 0 for what is free. */
  worst: number;
  likely: number;
  by: string;
  now: number;
};

export type Held = {
  accountId: string;
  projectId: string;
  hold: Hold;
  minute?: { limit: number; left: number; resetAt: number };
};

/** digest → the account document as last seen. A hint for which write to try: it authorises nothing. */
const seen = new Map<string, Account>();
const SEEN_MAX = 50_000;

/**
 * Checks the key and its limits and reserves the request's worst case, in one conditional write.
 * Throws AppError: invalid_key, forbidden, rate_limited, insufficient_credits or unavailable.
 */
export async function placeHold(request: HoldRequest): Promise<Held> {
  let account = seen.get(request.digest) ?? (await refresh(request.digest));
  for (let attempt = 0; attempt < 6; attempt++) {
    const project = account?.projects.find((each) => each.key?.digest === request.digest);
    if (!account || !project) throw invalidKey();
    const plan = choose({ account, project, request });
    if (plan) {
      const held = await attemptHold({ account, project, request, plan });
      if (held) return held;
    }
    account = await refresh(request.digest);
    const current = account?.projects.find((each) => each.key?.digest === request.digest);
    if (!account || !current) throw invalidKey();
    if (await openWindows({ accountId: account._id, project: current, now: request.now }))
      account = await refresh(request.digest);
    if (account) refuseIfLimited({ account, request });
  }
  throw new AppError("unavailable", "Too many requests of this account start at the same instant: try again.", {
    headers: { "retry-after": "1" },
  });
}

const invalidKey = () =>
  new AppError(
    "invalid_key",
    "This API key is not valid: it was revoked, regenerated or never existed. Make one in the dashboard.",
  );

async function refresh(digest: string): Promise<Account | null> {
  const account = await (await accounts()).findOne({ keys: digest });
  if (account) {
    if (seen.size >= SEEN_MAX) seen.clear();
    seen.set(digest, account);
  } else {
    seen.delete(digest);
  }
  return account;
}

type Plan = { free: boolean; amount: number; whole: boolean; wholeMonth: boolean };

/** Which hold to try, given what was last seen; null when nothing would fit. */
function choose({
  account,
  project,
  request,
}: {
  account: Account;
  project: Project;
  request: HoldRequest;
}): Plan | null {
  const { worst, likely } = request;
  if (worst === 0) return { free: false, amount: 0, whole: false, wholeMonth: false };
  if (account.free.requests >= 1 && account.free.credits >= likely)
    return { free: true, amount: likely, whole: false, wholeMonth: false };
  const month = project.limits.creditsPerMonth === undefined ? Infinity : (project.month?.left ?? 0);
  if (account.credits >= worst && month >= worst)
    return { free: false, amount: worst, whole: false, wholeMonth: false };
  const most = Math.min(account.credits, month);
  if (most >= likely && most > 0) {
    const amount = Math.min(most, worst);
    return { free: false, amount, whole: amount === account.credits, wholeMonth: amount === month };
  }
  return null;
}

async function attemptHold(input: {
  account: Account;
  project: Project;
  request: HoldRequest;
  plan: Plan;
}): Promise<Held | null> {
  const { account, project, request, plan } = input;
  const { requestsPerMinute, creditsPerMonth } = project.limits;
  const minute = minuteOf(request.now);
  const takesMonth = creditsPerMonth !== undefined && !plan.free && plan.amount > 0;
  const match: Record<string, unknown> = {
    id: project.id,
    "key.digest": request.digest,
    models: project.models ? request.model : { $exists: false },
    addresses: project.addresses ? { $in: addressBlocks(request.address) } : { $exists: false },
    "limits.requestsPerMinute": requestsPerMinute ?? { $exists: false },
    "limits.creditsPerMonth": creditsPerMonth ?? { $exists: false },
  };
  const inc: Record<string, number> = {};
  if (requestsPerMinute !== undefined) {
    match["minute.at"] = minute;
    match["minute.left"] = { $gte: 1 };
    inc["projects.$[p].minute.left"] = -1;
  }
  if (takesMonth) {
    match["month.at"] = monthOf(request.now);
    match["month.left"] = plan.wholeMonth ? plan.amount : { $gte: plan.amount };
    inc["projects.$[p].month.left"] = -plan.amount;
  }
  const filter: Record<string, unknown> = {
    _id: account._id,
    projects: { $elemMatch: match },
    "holds.id": { $ne: request.requestId },
    [`holds.${HOLDS_MAX - 1}`]: { $exists: false },
  };
  if (plan.free) {
    filter["free.requests"] = { $gte: 1 };
    filter["free.credits"] = { $gte: plan.amount };
    inc["free.requests"] = -1;
    inc["free.credits"] = -plan.amount;
  } else if (plan.amount > 0) {
    filter.credits = plan.whole ? plan.amount : { $gte: plan.amount };
    filter.$or = [{ "free.requests": { $lt: 1 } }, { "free.credits": { $lt: request.likely } }];
    inc.credits = -plan.amount;
  }
  const { requestId: id, by, now: at, model, endpoint } = request;
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
  const update: UpdateFilter<Account> = {
    $push: { holds: hold },
    ...(Object.keys(inc).length > 0 ? { $inc: inc } : {}),
  };
  const usesProject = Object.keys(inc).some((path) => path.includes("$[p]"));
  const after = await (
    await accounts()
  ).findOneAndUpdate(filter as Filter<Account>, update, {
    returnDocument: "after",
    projection: { holds: 0 },
    ...(usesProject ? { arrayFilters: [{ "p.id": project.id }] } : {}),
  });
  if (!after) return null;
  seen.set(request.digest, { ...after, holds: [] });
  const left = after.projects.find((each) => each.id === project.id)?.minute?.left;
  return {
    accountId: account._id,
    projectId: project.id,
    hold,
    ...(requestsPerMinute !== undefined && left !== undefined
      ? { minute: { limit: requestsPerMinute, left, resetAt: minute + 60_000 } }
      : {}),
  };
}

/** Opens a new minute or month where the stored one is over; true when a write was tried. Guarded by the old value and the limit. */
async function openWindows({
  accountId,
  project,
  now,
}: {
  accountId: string;
  project: Project;
  now: number;
}): Promise<boolean> {
  const all = await accounts();
  const open = async (name: "minute" | "month", limit: keyof Limits, at: number, left: number) => {
    if (project[name] !== undefined && project[name].at >= at) return false;
    const before = { [`${name}.at`]: project[name]?.at ?? { $exists: false }, [`limits.${limit}`]: left };
    await all.updateOne(
      { _id: accountId, projects: { $elemMatch: { id: project.id, ...before } } },
      { $set: { [`projects.$[p].${name}`]: { at, left } } },
      { arrayFilters: [{ "p.id": project.id }] },
    );
    return true;
  };
  const { requestsPerMinute, creditsPerMonth } = project.limits;
  const minute =
    requestsPerMinute !== undefined && (await open("minute", "requestsPerMinute", minuteOf(now), requestsPerMinute));
  const month =
    creditsPerMonth !== undefined && (await open("month", "creditsPerMonth", monthOf(now), creditsPerMonth));
  return minute || month;
}

/** Throws the error that says which limit a request met; returns when the write deserves another try. */
function refuseIfLimited({ account, request }: { account: Account; request: HoldRequest }): void {
  const project = account.projects.find((each) => each.key?.digest === request.digest);
  if (!project) throw invalidKey();
  if (project.models && !project.models.includes(request.model)) {
    throw new AppError(
      "forbidden",
      `The project "${project.name}" does not allow the model ${request.model}: allow it in the project's limits.`,
    );
  }
  if (project.addresses && !addressBlocks(request.address).some((block) => project.addresses?.includes(block))) {
    throw new AppError("forbidden", `The project "${project.name}" does not allow requests from this client address.`);
  }
  const minute = minuteOf(request.now);
  const perMinute = project.limits.requestsPerMinute;
  if (perMinute !== undefined && project.minute?.at === minute && project.minute.left < 1) {
    const seconds = Math.max(1, Math.ceil((minute + 60_000 - request.now) / 1000));
    throw new AppError(
      "rate_limited",
      `The project "${project.name}" allows ${perMinute} requests a minute: try again in ${seconds} s.`,
      {
        headers: {
          "retry-after": String(seconds),
          "x-ratelimit-limit-requests": String(perMinute),
          "x-ratelimit-remaining-requests": "0",
          "x-ratelimit-reset-requests": `${seconds}s`,
        },
      },
    );
  }
  if (account.holds.length >= HOLDS_MAX) {
    throw new AppError("rate_limited", `An account runs at most ${HOLDS_MAX} requests at once.`, {
      headers: { "retry-after": "1" },
    });
  }
  if (choose({ account, project, request })) return;
  const monthly = project.limits.creditsPerMonth;
  if (monthly !== undefined && (project.month?.left ?? 0) < request.likely && account.credits >= request.likely) {
    throw new AppError(
      "rate_limited",
      `The project "${project.name}" may spend ${formatCredits(monthly)} credits a month, and too little of it is left for this request.`,
      {
        headers: { "retry-after": "3600" },
      },
    );
  }
  throw new AppError(
    "insufficient_credits",
    `This request can cost up to ${formatCredits(request.worst)} credits and ${formatCredits(account.credits)} are available: add credits, or ask for at most fewer output tokens (max_tokens).`,
  );
}
