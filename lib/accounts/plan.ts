import type { Account, Project } from "./schema";

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

export type Plan = { free: boolean; amount: number; whole: boolean; wholeMonth: boolean };

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
}): Plan | null {
  const { worst, likely } = request;
  if (worst === 0) return { free: false, amount: 0, whole: false, wholeMonth: false };
  const { requests, credits: allowance } = account.free;
  // As with credits: where the worst case does not fit, all of it is held, so that one such request runs at a time.
  if (requests >= 1 && allowance >= likely)
    return {
      free: true,
      amount: Math.min(worst, allowance),
      whole: worst > allowance,
      wholeMonth: false,
    };
  const month =
    project.limits.creditsPerMonth === undefined ? Infinity : (project.month?.left ?? 0);
  if (account.credits >= worst && month >= worst)
    return { free: false, amount: worst, whole: false, wholeMonth: false };
  const most = Math.min(account.credits, month);
  if (most >= likely && most > 0) {
    const amount = Math.min(most, worst);
    return { free: false, amount, whole: amount === account.credits, wholeMonth: amount === month };
  }
  return null;
}
