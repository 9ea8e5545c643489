import { env } from "@/lib/env";
import { maxRequestCost, needOf, takes, type CapNeed, type CapState } from "./caps";
import type { Project } from "./schema";
import type { KeyScope } from "./seen-accounts";

export type HoldRequest = {
  requestId: string;
  digest: string;
  /** The canonical model id, matched against the project's list. */
  model: string;
  endpoint: string;
  address: string;
  /** The website whose script sent the request, as its browser says; undefined where no browser did. */
  origin?: string | undefined;
  /** Nano-credits: the most this request can cost, and what it usually costs at most. Both 0 for what is free. */
  maxCost: number;
  expectedCost: number;
  /** The most tokens that limits of tokens a minute count for it, input and output; 0 where it has none. */
  maxTokens?: number;
  /** Whether it may cost more than `maxCost`, because a tool has no bound: then all of `maxCost` must fit. */
  isUnbounded?: boolean;
  /** The largest output limit with which the request would fit into so many nano-credits; 0 when none would. */
  outputThatFits?(credits: number): number;
  /** A closer maximum, computed once where `maxCost` does not fit, such as by counting the tokens of the prompt. */
  refine?(): Promise<Pick<
    HoldRequest,
    "maxCost" | "expectedCost" | "maxTokens" | "outputThatFits"
  > | null>;
  /** Whether the price of the request is above the one in force at an earlier time (epoch milliseconds). */
  roseSince?(since: number): boolean;
  /** Resolves when the settles of requests that have ended here are made, as far as they can be. */
  settled?(): Promise<void>;
  /** Whether the client has left: then nothing is waited for any more. */
  left?: { readonly aborted: boolean };
  by: string;
  now: number;
};

export type HoldPlan = {
  free: boolean;
  /** Nano-credits to hold. */
  amount: number;
  /** Whether that is all of the balance or allowance, and less than the maximum cost. */
  allCredits: boolean;
};

/**
 * The least that must be left of a balance or an allowance for a request (nano-credits): its maximum cost; or, where
 * all of what is left is held for it and no other request runs, its expected cost and so much that the maximum exceeds what is left by
 * no more than EXCESS_MAX, and by no more than is left.
 */
export function leastFor({
  maxCost,
  expectedCost,
  isUnbounded = false,
}: Pick<HoldRequest, "maxCost" | "expectedCost" | "isUnbounded">): number {
  if (isUnbounded) return maxCost;
  const { excessMax } = env();
  return Math.min(maxCost, Math.max(expectedCost, Math.ceil(maxCost / 2), maxCost - excessMax));
}

/** Whether a project's price guard stops a request: its price has risen since the guard was set. */
export const isGuarded = ({
  project,
  request,
}: {
  project: Project;
  request: HoldRequest;
}): boolean =>
  project.priceGuard !== undefined && request.roseSince?.(project.priceGuard.at) === true;

/**
 * Which hold to try, given what was last seen; null when nothing would fit. A limit is hard: the maximum cost must fit into
 * what is left of it, also where a smaller balance is held. Free requests are used before credits, unless they are contended and credits cover the
 * request.
 */
export function choose({
  scope,
  caps,
  request,
  isContended = false,
}: {
  scope: KeyScope;
  caps: CapState[];
  request: HoldRequest;
  isContended?: boolean;
}): HoldPlan | null {
  const { maxCost, maxTokens = 0 } = request;
  const { account } = scope;
  const fits = (credits: number) => areCapsSufficient(caps, { credits, tokens: maxTokens });
  if (maxCost > maxRequestCost(scope)) return null;
  if (maxCost === 0) return fits(0) ? { free: false, amount: 0, allCredits: false } : null;
  const leastHold = leastFor(request);
  const { requests, credits: allowance } = account.free;
  // As with credits: where the maximum does not fit, all of it is held, so that one such request runs at a time.
  const takesFree = requests >= 1 && allowance >= leastHold;
  if (takesFree && !(isContended && account.credits >= maxCost))
    return fits(0)
      ? { free: true, amount: Math.min(maxCost, allowance), allCredits: maxCost > allowance }
      : null;
  if (account.credits < leastHold || account.credits <= 0 || !fits(maxCost)) return null;
  const amount = Math.min(account.credits, maxCost);
  return { free: false, amount, allCredits: amount < maxCost };
}

const areCapsSufficient = (caps: CapState[], need: CapNeed): boolean =>
  caps.every(
    (state) =>
      !takes(state, need) ||
      (state.cap !== undefined &&
        state.cap.opening === undefined &&
        state.cap.left >= needOf(state, need)),
  );
