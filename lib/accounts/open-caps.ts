import { randomUUID } from "node:crypto";
import type { Filter, UpdateFilter } from "mongodb";
import { collection } from "@/lib/db/collection";
import type { ApiKey } from "@/lib/keys/schema";
import type { UsageRow } from "@/lib/usage/schema";
import { capStates, isRate, type CapState } from "./caps";
import { accounts } from "./collection";
import { ACCOUNT_SCOPE, CLOSED, DUE, heldOfWindow, type Account, type CapScope } from "./schema";
import { endOfWindow, monthKey, startOfWindow } from "./windows";

/** A count that takes longer was interrupted: somebody else begins again. */
const STALE_MS = 5_000;
const LOOK_MS = 15;

/**
 * Makes every limit of a request ready for its window: rates begin with all that they allow, credits with what was not charged
 * and is not held of the window. Returns true when something was written or waited for, so that the account has to be read again.
 */
export async function openCaps(input: {
  accountId: string;
  states: CapState[];
  now: number;
}): Promise<boolean> {
  const { accountId, states, now } = input;
  const rates = states.filter((state) => isRate(state) && !state.cap);
  for (const state of rates) await openRate(accountId, state);
  const uncountedStates = states.filter(
    (state) => !isRate(state) && (!state.cap || state.cap.opening),
  );
  for (const state of uncountedStates) await openCredits({ accountId, state, now });
  return rates.length > 0 || uncountedStates.length > 0;
}

async function openRate(accountId: string, { id, former, limit }: CapState): Promise<void> {
  await replaceCap({ accountId, id, former: former?.id, cap: { id, left: limit } });
}

/** Puts a cap in the place of one of another window, or adds it; returns the account after it, or null when it is there. */
async function replaceCap(input: {
  accountId: string;
  id: string;
  former: string | undefined;
  cap: { id: string; left: number; opening?: string };
}): Promise<Account | null> {
  const { accountId, id, former, cap } = input;
  const filter = { _id: accountId, "caps.id": { $ne: id } } as Filter<Account>;
  if (former === undefined)
    return accounts.findOneAndUpdate(filter, { $push: { caps: cap } } as UpdateFilter<Account>, {
      returnDocument: "after",
    });
  return accounts.findOneAndUpdate(
    { ...filter, caps: { $elemMatch: { id: former } } },
    { $set: { "caps.$[c]": cap } },
    { arrayFilters: [{ "c.id": former }], returnDocument: "after" },
  );
}

/**
 * Counts a credit limit's window. One write closes the cap and returns charges and holds as they are at that instant; a second
 * one opens it by what they leave. What requests give back meanwhile is added in between, so no traffic keeps it from being
 * exact. Only one process counts at a time; others wait for it.
 */
async function openCredits(input: {
  accountId: string;
  state: CapState;
  now: number;
}): Promise<void> {
  const { accountId, state, now } = input;
  const { id, cap, former } = state;
  const opening = `${now}/${randomUUID()}`;
  const closedCap = { id, left: CLOSED, opening };
  let after: Account | null;
  if (!cap) after = await replaceCap({ accountId, id, former: former?.id, cap: closedCap });
  else {
    const startedAt = Number(cap.opening?.split("/")[0]);
    if (cap.opening !== DUE && Math.abs(now - startedAt) < STALE_MS) return wait();
    after = await accounts.findOneAndUpdate(
      { _id: accountId, caps: { $elemMatch: { id, opening: cap.opening } } } as Filter<Account>,
      { $set: { "caps.$[c]": closedCap } },
      { arrayFilters: [{ "c.id": id }], returnDocument: "after" },
    );
  }
  if (!after) return wait();
  const remaining = state.limit - (await usedOfWindow({ account: after, state, now }));
  await accounts.updateOne(
    { _id: accountId, caps: { $elemMatch: { id, opening } } } as Filter<Account>,
    { $inc: { "caps.$[c].left": remaining - CLOSED }, $unset: { "caps.$[c].opening": "" } },
    { arrayFilters: [{ "c.id": id, "c.opening": opening }] },
  );
}

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

type WindowUse = {
  account: Account;
  state: Pick<CapState, "scope" | "kind" | "window">;
  now: number;
};

/** Nano-credits of a window that are charged or held for open requests. */
async function usedOfWindow(use: WindowUse): Promise<number> {
  const { account, state, now } = use;
  const { scope, window } = state;
  return (await chargedOf(use)) + heldOfWindow({ holds: account.holds, scope, window, now });
}

/**
 * What is charged of a window: from the account document where it says so, else from rows, which live for 90 days, so that a
 * limit in total of a key that is older counts those days. A row whose hold is open counts with its hold.
 */
async function chargedOf({
  account,
  state: { scope, kind, window },
  now,
}: WindowUse): Promise<number> {
  const project = account.projects.find(({ id }) => id === scope);
  if (kind === "account" && window === "total") return account.charged;
  if (kind === "project" && window === "month") return project?.spent?.[monthKey(now)] ?? 0;
  if (kind === "project" && window === "total")
    return Object.values(project?.spent ?? {}).reduce((sum, amount) => sum + amount, 0);
  return sumRows({
    filter: rowsOf({ accountId: account._id, scope, kind, project: project?.id }),
    from: startOfWindow(window, now),
    to: endOfWindow(window, now),
    open: account.holds.map(({ id }) => id),
  });
}

const rowsOf = (input: {
  accountId: string;
  scope: CapScope;
  kind: CapState["kind"];
  project: string | undefined;
}): Filter<UsageRow> => {
  const { accountId, scope, kind } = input;
  if (kind === "account") return { accountId };
  return kind === "project" ? { accountId, projectId: scope } : { accountId, keyId: scope };
};

async function sumRows(input: {
  filter: Filter<UsageRow>;
  from: number;
  to: number | null;
  open: string[];
}): Promise<number> {
  const { filter, from, to, open } = input;
  const at = { $gte: new Date(from), ...(to === null ? {} : { $lt: new Date(to) }) };
  const [sum] = await collection<UsageRow>("usage")
    .aggregate<{ cost: number }>([
      { $match: { ...filter, at, free: false, _id: { $nin: open } } },
      { $group: { _id: null, cost: { $sum: "$cost" } } },
    ])
    .toArray();
  return sum?.cost ?? 0;
}

/** What is wrong with the caps of an account: one that is counted must be its limit less what rows and holds say. */
export async function capProblems(account: Account, now: number): Promise<string[]> {
  if (account.caps.length === 0) return [];
  const keys = await collection<ApiKey>("keys")
    .find({ accountId: account._id, limits: { $exists: true } })
    .toArray();
  const scopes = [
    { scope: ACCOUNT_SCOPE, kind: "account" as const, name: "", limits: account.limits ?? {} },
    ...account.projects.map(({ id, name, limits }) => ({
      scope: id,
      kind: "project" as const,
      name,
      limits,
    })),
    ...keys.map(({ _id, name, limits = {} }) => ({
      scope: _id,
      kind: "key" as const,
      name,
      limits,
    })),
  ];
  const states = scopes
    .flatMap((scope) => capStates({ caps: account.caps, scope, now }))
    .filter((state) => !isRate(state) && state.cap && state.cap.opening === undefined);
  const problems: string[] = [];
  for (const state of states) {
    const remaining = state.limit - (await usedOfWindow({ account, state, now }));
    if (state.cap && state.cap.left !== remaining)
      problems.push(
        `${account._id}: ${state.id} has ${state.cap.left} left, rows and holds say ${remaining}`,
      );
  }
  return problems;
}

/** A limit and what of it is used in its current window: credits charged or held, requests, or tokens. */
export type LimitUse = Pick<CapState, "window" | "limit"> & { used: number };

/** The use of each limit of a scope, for pages: nothing is written. */
export async function limitUses(input: {
  account: Account;
  scope: Parameters<typeof capStates>[0]["scope"];
  now: number;
}): Promise<LimitUse[]> {
  const { account, scope, now } = input;
  return Promise.all(
    capStates({ caps: account.caps, scope, now }).map(async (state) => {
      const { window, limit, cap } = state;
      if (cap && cap.opening === undefined) return { window, limit, used: limit - cap.left };
      return {
        window,
        limit,
        used: isRate(state) ? 0 : await usedOfWindow({ account, state, now }),
      };
    }),
  );
}
