import { AppError } from "@/lib/errors";
import { formatDay } from "@/lib/format";
import { formatCredits } from "@/lib/money";
import { addressBlocks } from "./addresses";
import { refuseFullWindow } from "./account-window";
import { typicalRequestSeconds } from "./ended-holds";
import { heldOf } from "./limits";
import { choose, isGuarded, leastFor, type HoldRequest } from "./plan";
import type { Account, Project } from "./schema";
import { minuteFor, nextMonth } from "./windows";

export const invalidKey = () =>
  new AppError(
    "invalid_key",
    "This API key is not valid: it was revoked, regenerated or never existed. Make one in the dashboard.",
  );

/** Throws the error that says which limit a request met; returns when the write deserves another try. */
export function refuseIfLimited({
  account,
  request,
}: {
  account: Account;
  request: HoldRequest;
}): void {
  const project = account.projects.find((each) => each.key?.digest === request.digest);
  if (!project) throw invalidKey();
  if (project.models && !project.models.includes(request.model)) {
    throw new AppError(
      "forbidden",
      `The project "${project.name}" does not allow the model ${request.model}: allow it in the project's limits.`,
      { param: "model" },
    );
  }
  refuseAddress({ project, address: request.address });
  refuseOrigin({ project, origin: request.origin });
  if (isGuarded({ project, request }))
    throw new AppError(
      "insufficient_credits",
      `The price guard of the project "${project.name}" stopped this request: ${request.model} costs more than on ${formatDay(new Date(project.priceGuard?.at ?? 0))}, when the guard was set. Set the guard again, or send another model.`,
      { param: "model" },
    );
  refuseMinute({ project, now: request.now });
  refuseFullWindow({ account, now: request.now, retryInFlightS: typicalRequestSeconds() });
  if (project.month?.opening !== undefined || choose({ account, project, request })) return;
  if (account.credits >= leastFor(request)) refuseMonth({ account, project, request });
  refuseWhileHeld({ account, request });
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
 * nothing: they end, so that a later try may pass.
 */
function refuseWhileHeld({ account, request }: { account: Account; request: HoldRequest }): void {
  const holdsOf = (isFree: boolean) =>
    account.holds.filter(({ free, amount }) => free === isFree && amount > 0);
  const sum = (holds: Account["holds"]) => holds.reduce((total, { amount }) => total + amount, 0);
  const [freeHolds, paidHolds] = [holdsOf(true), holdsOf(false)];
  const isFree =
    freeHolds.length > 0 &&
    account.free.requests >= 1 &&
    account.free.credits + sum(freeHolds) >= leastFor(request);
  const holds = isFree ? freeHolds : paidHolds;
  const balance = isFree ? account.free.credits : account.credits;
  if (holds.length === 0 || balance + sum(holds) < leastFor(request)) return;
  const wait = typicalRequestSeconds();
  const whose = isFree ? "of your free allowance" : "of your credits";
  const inFlight =
    holds.length === 1 ? "1 request in flight" : `${holds.length} requests in flight`;
  throw new AppError(
    "rate_limited",
    `This request can cost up to ${formatCredits(request.maxCost)} credits. ${formatCredits(balance)} ${whose} are available and ${formatCredits(sum(holds))} are held by ${inFlight}. Try again in ${wait} s, or limit the output of each request.`,
    {
      reason: "in_flight_budget",
      headers: { "retry-after": String(wait), ...maxCostHeader(request) },
    },
  );
}

const maxCostHeader = ({ maxCost }: HoldRequest): Record<string, string> => ({
  "x-onekey-max-cost": formatCredits(maxCost),
});

/** Throws for a client whose address a project's list does not name. */
export function refuseAddress({ project, address }: { project: Project; address: string }): void {
  if (
    !project.addresses ||
    addressBlocks(address).some((block) => project.addresses?.includes(block))
  )
    return;
  const why =
    address === ""
      ? "allows only listed client addresses, and this server does not know the client's address."
      : `does not allow requests from the client address ${address}: allow it in the project's limits.`;
  throw new AppError("forbidden", `The project "${project.name}" ${why}`);
}

/** Throws for the script of a website that a project's list does not name. */
export function refuseOrigin({
  project,
  origin,
}: {
  project: Project;
  origin: string | undefined;
}): void {
  if (!project.origins || origin === undefined || project.origins.includes(origin)) return;
  throw new AppError(
    "forbidden",
    `The project "${project.name}" does not allow requests from the website ${origin.slice(0, 200)}: allow it in the project's limits.`,
  );
}

function refuseMinute({ project, now }: { project: Project; now: number }): void {
  const minute = minuteFor({ start: project.minute?.at, now });
  const limit = project.limits.requestsPerMinute;
  if (limit === undefined || project.minute?.at !== minute || project.minute.left >= 1) return;
  const seconds = Math.max(1, Math.ceil((minute + 60_000 - now) / 1000));
  throw new AppError(
    "rate_limited",
    `The project "${project.name}" allows ${limit} requests a minute: try again in ${seconds} s.`,
    {
      headers: {
        "retry-after": String(seconds),
        "x-ratelimit-limit-requests": String(limit),
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": `${seconds}s`,
      },
    },
  );
}

/** How soon what is held for requests under way may be given back. */
const SOON_S = 5;

function refuseMonth(input: { account: Account; project: Project; request: HoldRequest }): void {
  const { account, project, request } = input;
  const limit = project.limits.creditsPerMonth;
  const left = project.month?.left ?? 0;
  if (limit === undefined || left >= leastFor(request)) return;
  const reset = nextMonth(request.now);
  const seconds = Math.max(1, Math.ceil((reset - request.now) / 1000));
  const soon = left + heldOf({ account, project, now: request.now }) >= leastFor(request);
  const when = soon
    ? "part of it is held for requests under way, so try again in a moment"
    : `the next month begins on ${formatDay(new Date(reset))} (UTC)`;
  throw new AppError(
    "rate_limited",
    `The project "${project.name}" may spend ${formatCredits(limit)} credits a month, and too little of it is left for this request: ${when}, or raise the limit.`,
    {
      headers: {
        "retry-after": String(soon ? SOON_S : seconds),
        "x-ratelimit-limit-credits": formatCredits(limit),
        "x-ratelimit-remaining-credits": formatCredits(Math.max(0, left)),
        "x-ratelimit-reset-credits": `${seconds}s`,
      },
    },
  );
}
