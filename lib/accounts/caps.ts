import type { Cap, CapScope, CapWindow, LimitName, Limits } from "./schema";
import { ACCOUNT_SCOPE, accountLabel, capId, CapWindow as Windows, LIMIT_OF } from "./schema";
import type { KeyScope } from "./seen-accounts";
import { AHEAD_MS, startOfWindow } from "./windows";

/** One limit that a request of a key is under, in the window that it counts in. */
export type CapState = {
  scope: CapScope;
  /** Whose limit it is, and by what name its owner knows that. */
  kind: "account" | "project" | "key";
  name: string;
  window: CapWindow;
  limit: number;
  /** The cap of that window; it may not be there yet. */
  id: string;
  cap: Cap | undefined;
  /** A cap of the limit in another window, which is over or was opened by a wrong clock. */
  former: Cap | undefined;
};

type LimitedScope = Pick<CapState, "scope" | "kind" | "name"> & { limits: Limits };

/** The limits that a key's requests are under, widest first. */
export function limitedScopes({ account, project, key }: KeyScope): LimitedScope[] {
  const scopes: LimitedScope[] = [];
  if (isLimiting(account.limits))
    scopes.push({
      scope: ACCOUNT_SCOPE,
      kind: "account",
      name: accountLabel(account),
      limits: account.limits,
    });
  if (isLimiting(project.limits))
    scopes.push({
      scope: project.id,
      kind: "project",
      name: project.name,
      limits: project.limits,
    });
  if (isLimiting(key.limits))
    scopes.push({ scope: key._id, kind: "key", name: key.name, limits: key.limits });
  return scopes;
}

function isLimiting(limits: Limits | undefined): limits is Limits {
  for (const name in limits) if (limits[name as LimitName] !== undefined) return true;
  return false;
}

/** Each limit of a scope that counts something, with its cap in the window of an instant. */
export function capStates({
  caps,
  scope: { limits, ...owner },
  now,
}: {
  caps: Cap[];
  scope: LimitedScope;
  now: number;
}): CapState[] {
  return Windows.options.flatMap((window) => {
    const limit = limits[LIMIT_OF[window]];
    if (limit === undefined) return [];
    const start = startOfWindow(window, now);
    const windowCaps = caps.filter(({ id }) => id.startsWith(`${owner.scope}/${window}/`));
    // A server that is ahead by a moment may have begun the next window.
    const isCurrent = ({ id }: Cap) => {
      const at = startOfCap({ id });
      return at >= start && at <= Math.max(start, now + AHEAD_MS);
    };
    const cap = windowCaps.find(isCurrent);
    const id = cap?.id ?? capId(owner.scope, window, start);
    return [{ ...owner, window, limit, id, cap, former: cap ? undefined : windowCaps[0] }];
  });
}

/** The first instant of a cap's window. */
export const startOfCap = ({ id }: Pick<Cap, "id">): number =>
  Number(id.slice(id.lastIndexOf("/") + 1));

export const isRate = ({ window }: Pick<CapState, "window">): boolean =>
  window === "requests" || window === "tokens";

/** What a request takes of each cap: a rate counts the request or its tokens, credits its maximum cost. */
export type CapNeed = { credits: number; tokens: number };

export const needOf = ({ window }: Pick<CapState, "window">, need: CapNeed): number => {
  if (window === "requests") return 1;
  return window === "tokens" ? need.tokens : need.credits;
};

/** Whether a request takes something of a cap: free requests and those without a cost take no credits. */
export const takes = (state: CapState, need: CapNeed): boolean => needOf(state, need) > 0;

/** The largest maximum cost that one request may have; Infinity without a limit. */
export const maxRequestCost = (scope: KeyScope): number =>
  limitedScopes(scope).reduce(
    (minimum, { limits }) => Math.min(minimum, limits.maxRequestCost ?? Infinity),
    Infinity,
  );
