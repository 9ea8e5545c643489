import type { Account, Project } from "./schema";

export type HoldRequest = {
  requestId: string;
  digest: string;
  /** The canonical model id, matched against the project's list. */
  model: string;
  endpoint: string;
  address: string;
  /** Nano-credits: the most this request can cost, and what it usually costs at most. Both 0 for what is free. */
  maxCost: number;
  expectedCost: number;
  /** The largest output limit with which the request would fit into so many nano-credits; 0 when none would. */
  outputThatFits?(credits: number): number;
  /** Whether the price of the request is above the one in force at an earlier time (epoch milliseconds). */
  roseSince?(since: number): boolean;
  /** Resolves when the settles of requests that have ended here are made, as far as they can be. */
  settled?(): Promise<void>;
  /** Whether the client has left: then nothing is waited for any more. */
  left?: { readonly aborted: boolean };
  by: string;
  now: number;
};

export type HoldPlan = { free: boolean; amount: number; allCredits: boolean; allMonth: boolean };

/** Whether a project's price guard stops a request: its price has risen since the guard was set. */
export const isGuarded = ({
  project,
  request,
}: {
  project: Project;
  request: HoldRequest;
}): boolean =>
  project.priceGuard !== undefined && request.roseSince?.(project.priceGuard.at) === true;

/** Which hold to try, given what was last seen; null when nothing would fit. */
export function choose({
  account,
  project,
  request,
}: {
  account: Account;
  project: Project;
  request: HoldRequest;
}): HoldPlan | null {
  const { maxCost, expectedCost } = request;
  if (maxCost === 0) return { free: false, amount: 0, allCredits: false, allMonth: false };
  const { requests, credits: allowance } = account.free;
  // As with credits: where the maximum cost does not fit, all of it is held, so that one such request runs at a time.
  if (requests >= 1 && allowance >= expectedCost)
    return {
      free: true,
      amount: Math.min(maxCost, allowance),
      allCredits: maxCost > allowance,
      allMonth: false,
    };
  const month =
    project.limits.creditsPerMonth === undefined ? Infinity : (project.month?.left ?? 0);
  if (account.credits >= maxCost && month >= maxCost)
    return { free: false, amount: maxCost, allCredits: false, allMonth: false };
  const available = Math.min(account.credits, month);
  if (available >= expectedCost && available > 0) {
    const amount = Math.min(available, maxCost);
    return {
      free: false,
      amount,
      allCredits: amount === account.credits,
      allMonth: amount === month,
    };
  }
  return null;
}
