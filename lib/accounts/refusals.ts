import { AppError } from "@/lib/errors";
import { formatDay } from "@/lib/format";
import { formatCredits } from "@/lib/money";
import { refuseFullWindow } from "./account-window";
import { typicalRequestSeconds } from "./ended-holds";
import { refuseByRules } from "./key-rules";
import { choose, isGuarded, leastFor, type HoldRequest } from "./plan";
import { noteExhausted } from "./exhausted-accounts";
import { refuseFullCaps, refuseRequestCost } from "./limit-errors";
import type { CapState } from "./caps";
import type { Account } from "./schema";
import type { KeyScope } from "./seen-accounts";

/** Throws the error that says which limit a request met; returns when the write may succeed on another try. */
export function refuseIfLimited({
  scope,
  caps,
  request,
}: {
  scope: KeyScope;
  caps: CapState[];
  request: HoldRequest;
}): void {
  const { account, project } = scope;
  refuseByRules({ ...request, scope });
  if (isGuarded({ project, request }))
    throw new AppError(
      "insufficient_credits",
      `The price guard of the project "${project.name}" stopped this request: ${request.model} costs more than on ${formatDay(new Date(project.priceGuard?.at ?? 0))}, when the guard was set. Set the guard again, or send another model.`,
      { param: "model" },
    );
  refuseRequestCost({ scope, request });
  const tokens = request.maxTokens ?? 0;
  refuseFullCaps({ scope, caps, need: { credits: 0, tokens }, request });
  refuseFullWindow({ account, now: request.now, retryInFlightS: typicalRequestSeconds() });
  if (
    caps.some(({ cap }) => cap === undefined || cap.opening !== undefined) ||
    choose({ scope, caps, request })
  )
    return;
  if (account.credits >= leastFor(request))
    refuseFullCaps({ scope, caps, need: { credits: request.maxCost, tokens }, request });
  refuseWhileHeld({ account, request });
  noteExhausted(account._id);
  const fits = request.outputThatFits?.(account.credits) ?? 0;
  const advice =
    fits > 0
      ? `limit its output to ${fits} tokens`
      : request.isUnbounded
        ? "bound the calls of its tools (max_tool_calls), or leave them out"
        : "send less";
  throw new AppError(
    "insufficient_credits",
    `This request can cost up to ${formatCredits(request.maxCost)} credits and ${formatCredits(account.credits)} are available: add credits, or ${advice}.`,
    { headers: maxCostHeader(request) },
  );
}

/**
 * Throws rate_limited, reason `in_flight_budget`, where the account could pay for the request if its other requests held
 * nothing: when they end, a retry may pass.
 */
function refuseWhileHeld({ account, request }: { account: Account; request: HoldRequest }): void {
  const holdsOf = (isFree: boolean) =>
    account.holds.filter(({ free, amount }) => free === isFree && amount > 0);
  const sum = (holds: Account["holds"]) => holds.reduce((total, { amount }) => total + amount, 0);
  const freeHolds = holdsOf(true);
  const paidHolds = holdsOf(false);
  const isFree =
    freeHolds.length > 0 &&
    account.free.requests >= 1 &&
    account.free.credits + sum(freeHolds) >= leastFor(request);
  const holds = isFree ? freeHolds : paidHolds;
  const balance = isFree ? account.free.credits : account.credits;
  if (holds.length === 0 || balance + sum(holds) < leastFor(request)) return;
  const wait = typicalRequestSeconds();
  const source = isFree ? "of your free allowance" : "of your credits";
  const inFlight =
    holds.length === 1 ? "1 request in flight" : `${holds.length} requests in flight`;
  throw new AppError(
    "rate_limited",
    `This request can cost up to ${formatCredits(request.maxCost)} credits. ${formatCredits(balance)} ${source} are available and ${formatCredits(sum(holds))} are held by ${inFlight}. Try again in ${wait} s, or limit the output of each request.`,
    {
      reason: "in_flight_budget",
      headers: { "retry-after": String(wait), ...maxCostHeader(request) },
    },
  );
}

const maxCostHeader = ({ maxCost }: HoldRequest): Record<string, string> => ({
  "x-onekey-max-cost": formatCredits(maxCost),
});
