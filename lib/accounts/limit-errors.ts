import { AppError } from "@/lib/errors";
import { formatCount, formatDay } from "@/lib/format";
import { formatCredits } from "@/lib/money";
import { limitedScopes, needOf, takes, type CapNeed, type CapState } from "./caps";
import { heldOfWindow } from "./schema";
import type { HoldRequest } from "./plan";
import { noteReached } from "./reached-caps";
import type { KeyScope } from "./seen-accounts";
import { AHEAD_MS, endOfWindow } from "./windows";

/** How soon what is held for requests in flight may be given back, in seconds. */
const SOON_S = 5;

const WINDOW_WORDS = { day: "today", week: "this week", month: "this month", total: "in total" };

type CreditWindow = keyof typeof WINDOW_WORDS;
type LimitOwner = Pick<CapState, "kind" | "name">;

/** "The project "evals"", "The account". */
const ownerText = ({ kind, name }: LimitOwner): string =>
  kind === "account" ? "The account" : `The ${kind} "${name}"`;

/** Throws for a request that may cost more than a limit allows one request to cost: trying again does not help. */
export function refuseRequestCost({
  scope,
  request,
}: {
  scope: KeyScope;
  request: HoldRequest;
}): void {
  const owners = limitedScopes(scope).filter(
    ({ limits }) => request.maxCost > (limits.maxRequestCost ?? Infinity),
  );
  const [owner] = owners;
  const limit = owner?.limits.maxRequestCost;
  if (!owner || limit === undefined) return;
  const fits = request.outputThatFits?.(limit) ?? 0;
  throw new AppError(
    "insufficient_credits",
    `${ownerText(owner)} allows at most ${formatCredits(limit)} credits for one request, and this request can cost up to ${formatCredits(request.maxCost)}. ${fits > 0 ? `Limit its output to ${fits} tokens` : "Send a smaller request"}, or raise the limit.`,
    { limit: `${owner.kind}_request_cost` },
  );
}

/** Throws the error of the first limit that a request does not fit into, which names it, what is left, and when it resets. */
export function refuseFullCaps(input: {
  scope: KeyScope;
  caps: CapState[];
  need: CapNeed;
  request: HoldRequest;
}): void {
  const { scope, caps, need, request } = input;
  for (const state of caps) {
    const { cap, window } = state;
    if (!cap || cap.opening !== undefined || !takes(state, need)) continue;
    if (cap.left >= needOf(state, need)) continue;
    if (window === "requests" || window === "tokens") throw rateError(state, need, request.now);
    noteReached({ accountId: scope.account._id, id: cap.id });
    throw creditError({ scope, state, window, request });
  }
}

function rateError(state: CapState, need: CapNeed, now: number): AppError {
  const { window, limit, cap, kind } = state;
  const remaining = Math.max(0, cap?.left ?? 0);
  // The window may have been begun by a server that is ahead by a moment.
  const end = endOfWindow(window, now) ?? now;
  const at = Number(state.id.slice(state.id.lastIndexOf("/") + 1));
  const reset = Math.min(Math.max(end, at + 60_000), now + 60_000 + AHEAD_MS);
  const seconds = Math.max(1, Math.ceil((reset - now) / 1000));
  const noun = window === "requests" ? "requests" : "tokens";
  const text =
    window === "requests"
      ? `${ownerText(state)} allows ${formatCount(limit)} requests a minute: try again in ${seconds} s.`
      : need.tokens > limit
        ? `${ownerText(state)} allows ${formatCount(limit)} tokens a minute, and this request can take up to ${formatCount(need.tokens)}. Limit its output, send less, or raise the limit.`
        : `${ownerText(state)} has ${formatCount(remaining)} of ${formatCount(limit)} tokens left in this minute, and this request can take up to ${formatCount(need.tokens)}. Try again in ${seconds} s, or limit its output.`;
  return new AppError("rate_limited", text, {
    limit: `${kind}_${window}`,
    headers: {
      "retry-after": String(seconds),
      [`x-ratelimit-limit-${noun}`]: String(limit),
      [`x-ratelimit-remaining-${noun}`]: String(window === "requests" ? 0 : remaining),
      [`x-ratelimit-reset-${noun}`]: `${seconds}s`,
    },
  });
}

function creditError(input: {
  scope: KeyScope;
  state: CapState;
  window: CreditWindow;
  request: HoldRequest;
}): AppError {
  const { scope, state, window, request } = input;
  const { now, maxCost } = request;
  const { kind, name, limit } = state;
  const remaining = Math.max(0, state.cap?.left ?? 0);
  const heldCredits = heldOfWindow({ holds: scope.account.holds, scope: state.scope, window, now });
  const fits = request.outputThatFits?.(remaining) ?? 0;
  return creditLimitError({
    owner: { kind, name },
    window,
    limit,
    remaining,
    heldCredits,
    maxCost,
    fits,
    now,
  });
}

/**
 * The error of a request that does not fit into a limit of credits. Amounts are nano-credits; `fits` is the largest output, in
 * tokens, that would fit, or 0. The limits page shows the same error as an example.
 */
export function creditLimitError(input: {
  owner: LimitOwner;
  window: CreditWindow;
  limit: number;
  remaining: number;
  heldCredits: number;
  maxCost: number;
  fits: number;
  now: number;
}): AppError {
  const { owner, window, limit, remaining, heldCredits, maxCost, fits, now } = input;
  const reset = endOfWindow(window, now);
  const seconds = reset === null ? null : Math.max(1, Math.ceil((reset - now) / 1000));
  const isSoon = heldCredits > 0 && remaining + heldCredits >= maxCost;
  const advice = [
    ...(isSoon ? ["Part of it is held for requests in flight, so try again in a moment"] : []),
    fits > 0 ? `limit its output to ${fits} tokens` : "send a smaller request",
    "raise the limit",
    ...(reset === null || isSoon ? [] : [`wait until ${formatDay(new Date(reset))}, 00:00 UTC`]),
  ];
  const [first = "", ...laterAdvice] = advice;
  const text = `${ownerText(owner)} has ${formatCredits(remaining)} of ${formatCredits(limit)} credits left ${WINDOW_WORDS[window]} and this request can cost up to ${formatCredits(maxCost)}. ${first.charAt(0).toUpperCase()}${first.slice(1)}${laterAdvice.map((adviceText, i) => `${i === laterAdvice.length - 1 ? ", or " : ", "}${adviceText}`).join("")}.`;
  // What never resets is no reason to try again.
  const isFinal = seconds === null && !isSoon;
  return new AppError(isFinal ? "insufficient_credits" : "rate_limited", text, {
    limit: `${owner.kind}_${window}`,
    headers: {
      ...(isFinal ? {} : { "retry-after": String(isSoon ? SOON_S : seconds) }),
      "x-ratelimit-limit-credits": formatCredits(limit),
      "x-ratelimit-remaining-credits": formatCredits(remaining),
      ...(seconds === null ? {} : { "x-ratelimit-reset-credits": `${seconds}s` }),
    },
  });
}
