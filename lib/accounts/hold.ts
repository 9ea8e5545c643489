import { setTimeout as sleep } from "node:timers/promises";
import type { Filter, UpdateFilter } from "mongodb";
import { DEFERRABLE } from "@/lib/db/updates";
import { AppError } from "@/lib/errors";
import { windowFilter, windowOf, windowUpdate, type AccountWindow } from "./account-window";
import { capStates, isRate, limitedScopes, needOf, startOfCap, takes, type CapState } from "./caps";
import { accounts } from "./collection";
import { capsFilter, capsUpdate, writeHold, type KeyAuthority } from "./hold-writes";
import { invalidKey, isAllowed } from "./key-rules";
import { openCaps } from "./open-caps";
import { choose, isGuarded, leastFor, type HoldRequest, type HoldPlan } from "./plan";
import { refuseIfLimited } from "./refusals";
import type { Account, Hold } from "./schema";
import { readKey, readLatestKey, recallKey, rememberAccount, type KeyScope } from "./seen-accounts";
import { isHeldElsewhere, waitForCredits } from "./wait-for-credits";
import { minuteOf } from "./windows";

export type PlacedHold = {
  accountId: string;
  projectId: string;
  hold: Hold;
  /** The most that the request can cost, in nano-credits: more than the hold where that is all that was left. */
  maxCost: number;
  /** The project's own setting, where it has one. */
  exactStreamUsage?: boolean;
  /** The tightest limit of requests a minute, where there is one. */
  minute?: { limit: number; left: number; resetAt: number };
};

/** For what a document must not have: null also stands for a field that is missing. */
const ABSENT = null;
/** Each failed attempt means that another request or change of the account was quicker. */
const TRIES = 40;
/** From this attempt on, a request waits a few milliseconds, and takes credits rather than compete for the last free requests. */
const CONTENDED_FROM = 3;
/** The longest of these waits, in milliseconds. */
const CONTENDED_MS_MAX = 80;

/**
 * Checks the key and its limits and reserves the request's maximum cost, in one conditional write. What is missing only because
 * other requests of the account hold it is waited for, for a few seconds.
 * Throws AppError: invalid_key, forbidden, rate_limited, insufficient_credits or unavailable.
 */
export async function placeHold(request: HoldRequest): Promise<PlacedHold> {
  try {
    return await tryHold(request);
  } catch (refusal) {
    const scope = isHeldElsewhere(refusal) ? recallKey(request.digest) : null;
    if (!scope) throw refusal;
    return waitForCredits({
      accountId: scope.account._id,
      refusal,
      attempt: () => tryHold(request),
      abandoned: () => request.left?.aborted ?? false,
    });
  }
}

async function tryHold(originalRequest: HoldRequest): Promise<PlacedHold> {
  let request = originalRequest;
  let scope = recallKey(request.digest) ?? (await readKey(request.digest));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const isContended = attempt >= CONTENDED_FROM;
    if (isContended) await sleep(Math.random() * Math.min(attempt * 4, CONTENDED_MS_MAX));
    if (!scope) throw invalidKey();
    const { account, project } = scope;
    const isBlocked = isGuarded({ project, request }) || !isAllowed(request, scope);
    let caps = capsOf(scope, request.now);
    let plan = isBlocked ? null : choose({ scope, caps, request, isContended });
    if (request.refine && !isBlocked && (!plan || plan.allCredits)) {
      const { refine, ...holdRequest } = request;
      request = { ...holdRequest, ...(await refine()) };
      plan = choose({ scope, caps, request, isContended });
    }
    if (plan) {
      const window = windowOf({ account, now: request.now });
      // The requests that follow count in the minute that this one opens.
      if (window.isNew) rememberAccount({ ...account, minute: { at: window.at, used: 0 } });
      const placedHold = await attemptHold({ scope, caps, request, plan, window, isContended });
      if (placedHold) return placedHold;
    }
    // What a response that has ended still holds may be what is missing.
    await request.settled?.();
    // After a write, this instance knows the primary; without one, what is read here rejects the request.
    scope = await (plan ? readKey(request.digest) : readLatestKey(request.digest));
    if (!scope) throw invalidKey();
    caps = capsOf(scope, request.now);
    const opening = { accountId: scope.account._id, states: caps, now: request.now };
    if (await openCaps(opening)) scope = await readKey(request.digest);
    if (scope) refuseIfLimited({ scope, caps: capsOf(scope, request.now), request });
  }
  throw new AppError(
    "unavailable",
    "Too many requests of this account start at the same instant: try again.",
    { headers: { "retry-after": "1" } },
  );
}

const capsOf = (scope: KeyScope, now: number): CapState[] =>
  limitedScopes(scope).flatMap((candidate) =>
    capStates({ caps: scope.account.caps, scope: candidate, now }),
  );

async function attemptHold(input: {
  scope: KeyScope;
  caps: CapState[];
  request: HoldRequest;
  plan: HoldPlan;
  window: AccountWindow;
  isContended: boolean;
}): Promise<PlacedHold | null> {
  const { scope, caps, request, plan, window, isContended } = input;
  const { account, project, key } = scope;
  const { digest, requestId: id, by, model, endpoint } = request;
  const need = {
    credits: plan.free || plan.amount === 0 ? 0 : request.maxCost,
    tokens: request.maxTokens ?? 0,
  };
  const takenCaps = caps.filter((state) => takes(state, need));
  const tokenCaps = takenCaps.filter((state) => state.window === "tokens").map((state) => state.id);
  // Of a request that began just before its window did, which another request has opened: charged and given back there.
  const at = Math.max(request.now, ...takenCaps.filter((state) => !isRate(state)).map(startOfCap));
  const hold: Hold = {
    id,
    projectId: project.id,
    keyId: key._id,
    amount: plan.amount,
    free: plan.free,
    by,
    at,
    model,
    endpoint,
  };
  if (need.credits > plan.amount) hold.limitAmount = need.credits;
  if (tokenCaps.length > 0) Object.assign(hold, { tokens: need.tokens, tokenCaps });
  const placedHold: PlacedHold = {
    accountId: account._id,
    projectId: project.id,
    hold,
    maxCost: request.maxCost,
  };
  if (project.exactStreamUsage !== undefined)
    placedHold.exactStreamUsage = project.exactStreamUsage;
  // The rules of project and key, and the end of the key, are those that were read, or the write does not match.
  const authority: KeyAuthority = { keys: digest, rulesVersion: account.rulesVersion ?? ABSENT };
  const takings = takenCaps.map((state) => ({ id: state.id, amount: needOf(state, need) }));
  const freeFrom = isContended ? Number.MAX_SAFE_INTEGER : leastFor(request);
  // Where the write's own outcome says all there is to know, it goes with the others of its instant.
  if (!plan.free && !plan.allCredits && !takenCaps.some(isRate)) {
    const capIds = takings.map((taking) => taking.id).join(" ");
    const matchKey = `${account.rulesVersion} ${capIds}`;
    const write = { accountId: account._id, hold, window, authority, matchKey, takings, freeFrom };
    return (await writeHold(write)) ? placedHold : null;
  }
  const { $set, $inc: inc = {} } = windowUpdate(window, 1);
  const filter: Record<string, unknown> = {
    _id: account._id,
    ...authority,
    ...capsFilter(takings),
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
  const capUpdate = capsUpdate(takings);
  Object.assign(inc, capUpdate.$inc);
  const update: UpdateFilter<Account> = {
    $push: { holds: hold },
    ...($set ? { $set } : {}),
    ...(Object.keys(inc).length > 0 ? { $inc: inc } : {}),
  };
  const after = await accounts.findOneAndUpdate(filter as Filter<Account>, update, {
    returnDocument: "after",
    projection: { holds: 0 },
    comment: DEFERRABLE,
    ...(capUpdate.arrayFilters.length > 0 ? { arrayFilters: capUpdate.arrayFilters } : {}),
  });
  if (!after) return null;
  rememberAccount(after);
  const minute = tightest(takenCaps, after);
  return { ...placedHold, ...(minute ? { minute } : {}) };
}

/** The limit of requests a minute with the least left after a hold. */
function tightest(takenCaps: CapState[], after: Account): PlacedHold["minute"] {
  let minute: PlacedHold["minute"];
  for (const { window, id, limit } of takenCaps) {
    const remaining = after.caps.find((cap) => cap.id === id)?.left;
    if (window !== "requests" || remaining === undefined || (minute && minute.left <= remaining))
      continue;
    minute = { limit, left: remaining, resetAt: minuteOf(startOfCap({ id })) + 60_000 };
  }
  return minute;
}
