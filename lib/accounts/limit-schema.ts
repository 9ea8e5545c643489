import { z } from "zod";
import { AppError } from "@/lib/errors";
import { formatCredits } from "@/lib/money";
import { endOfWindow, startOfWindow } from "./windows";

const CREDITS_MAX = 10 ** 15;
const credits = z.number().int().min(0).max(CREDITS_MAX);
const rate = z.number().int().min(1);

/** What an account, a project or a key may do at most; one that is left out does not limit. Credits are nano-credits, windows UTC. */
export const Limits = z.object({
  requestsPerMinute: rate.max(1_000_000).optional(),
  tokensPerMinute: rate.max(10 ** 12).optional(),
  creditsPerDay: credits.optional(),
  /** Weeks begin on Monday. */
  creditsPerWeek: credits.optional(),
  creditsPerMonth: credits.optional(),
  creditsTotal: credits.optional(),
  /** The most that one request may cost. */
  maxRequestCost: credits.optional(),
});
export type Limits = z.infer<typeof Limits>;
export type LimitName = keyof Limits;

export const CapWindow = z.enum(["requests", "tokens", "day", "week", "month", "total"]);
export type CapWindow = z.infer<typeof CapWindow>;

/** The limit that each window counts. */
export const LIMIT_OF = {
  requests: "requestsPerMinute",
  tokens: "tokensPerMinute",
  day: "creditsPerDay",
  week: "creditsPerWeek",
  month: "creditsPerMonth",
  total: "creditsTotal",
} as const satisfies Record<CapWindow, LimitName>;

export const CREDIT_WINDOWS = ["day", "week", "month", "total"] as const satisfies CapWindow[];

/** What is left of one limit in one window. */
export const Cap = z.object({
  /** scope/window/start: see `capId`. */
  id: z.string(),
  left: z.number().int(),
  /** While what was used of the window is being counted, and no request fits: when that began (epoch milliseconds), and by whom. */
  opening: z.string().optional(),
});
export type Cap = z.infer<typeof Cap>;

/** Whose limit: `account`, or the id of a project or key. */
export type CapScope = string;
export const ACCOUNT_SCOPE: CapScope = "account";

/** `start` is the first instant of the window in epoch milliseconds, 0 for `total`. */
export const capId = (scope: CapScope, window: CapWindow, start: number): string =>
  `${scope}/${window}/${start}`;

/** Below what the requests of any window could give back, so that a cap that is being opened lets none through. */
export const CLOSED = -(2 ** 52);
/** In `opening`: nobody counts yet; the next request does. */
export const DUE = "due";

/**
 * The write that makes caps follow changed limits of a scope, in the same write as the limits' new version: a rate moves by the
 * difference, and credits are counted again before the next request.
 */
export function capChange(input: { caps: Cap[]; scope: CapScope; before: Limits; after: Limits }): {
  $set: Record<string, unknown>;
  $inc: Record<string, number>;
  arrayFilters: Record<string, unknown>[];
} {
  const { caps, scope, before, after } = input;
  const $set: Record<string, unknown> = {};
  const $inc: Record<string, number> = {};
  const arrayFilters: Record<string, unknown>[] = [];
  for (const window of CapWindow.options) {
    const [old, next] = [before[LIMIT_OF[window]], after[LIMIT_OF[window]]];
    const windowCaps = caps.filter(({ id }) => id.startsWith(`${scope}/${window}/`));
    if (old === next || windowCaps.length === 0) continue;
    const name = window;
    arrayFilters.push({ [`${name}.id`]: { $in: windowCaps.map(({ id }) => id) } });
    const isRate = window === "requests" || window === "tokens";
    // Without a limit, what was used of the minute stays below zero, so that one that is set again goes on from there.
    if (isRate) $inc[`caps.$[${name}].left`] = (next ?? 0) - (old ?? 0);
    else {
      $set[`caps.$[${name}].left`] = CLOSED;
      $set[`caps.$[${name}].opening`] = DUE;
    }
  }
  return { $set, $inc, arrayFilters };
}

/** An open hold, as far as limits count it. */
type CountedHold = {
  projectId: string;
  keyId?: string | undefined;
  amount: number;
  limitAmount?: number | undefined;
  free: boolean;
  at: number;
};
type HeldWindow = { holds: CountedHold[]; scope: CapScope; window: CapWindow; now: number };

/** Nano-credits that open requests of a scope hold in the window of an instant; what a limit counts of them. */
export function heldOfWindow({ holds, scope, window, now }: HeldWindow): number {
  const start = startOfWindow(window, now);
  const end = endOfWindow(window, now) ?? Infinity;
  return holds
    .filter(
      ({ free, at, projectId, keyId }) =>
        !free &&
        at >= start &&
        at < end &&
        (scope === ACCOUNT_SCOPE || scope === projectId || scope === keyId),
    )
    .reduce((sum, { amount, limitAmount = amount }) => sum + limitAmount, 0);
}

/** Throws bad_request for a credit limit below what open requests of its window hold: they would exceed it. */
export function refuseBelowHeld(input: Omit<HeldWindow, "window"> & { limits: Limits }): void {
  const { limits, ...open } = input;
  for (const window of CREDIT_WINDOWS) {
    const name = LIMIT_OF[window];
    const limit = limits[name];
    const heldCredits = heldOfWindow({ ...open, window });
    if (limit !== undefined && limit < heldCredits)
      throw new AppError(
        "bad_request",
        `Requests in flight hold ${formatCredits(heldCredits)} credits. Set at least that, or try again when they have ended.`,
        { param: name },
      );
  }
}
