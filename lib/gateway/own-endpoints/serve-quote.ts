import { accountLimits } from "@/lib/accounts/account-window";
import type { HoldRequest } from "@/lib/accounts/plan";
import { previewHold, type HoldPreview } from "@/lib/accounts/preview-hold";
import { isRate } from "@/lib/accounts/caps";
import { heldTotal, type CapWindow } from "@/lib/accounts/schema";
import { minuteOf } from "@/lib/accounts/windows";
import type { Rates } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { formatCredits } from "@/lib/money";
import type { Scan } from "../body-scan";
import type { Exchange } from "../exchange";
import type { Quote } from "../pricing/quote";
import { channelOfReferences } from "../request/parse";
import { sendJson } from "./send-json";

type QuotedRequest = {
  exchange: Exchange;
  requestId: string;
  holdRequest: HoldRequest;
  quote: Quote;
  scan: Scan;
};

/** Responds with what a request would cost and whether it would be served now. Nothing is forwarded, held or charged. */
export async function serveQuote({
  exchange,
  requestId,
  holdRequest,
  quote,
  scan,
}: QuotedRequest): Promise<void> {
  const preview = await previewHold(holdRequest);
  // A response of another account is refused here as it would be by the request.
  await channelOfReferences({ accountId: preview.account._id, scan });
  sendJson(exchange, requestId, quoteView({ preview, quote, scan }));
}

export const endpointMissing = () =>
  new AppError(
    "bad_request",
    "Name the endpoint whose price you want, and send the body that it takes: POST /v1/quote?endpoint=/v1/chat/completions. Or send the request to its own endpoint with the header x-onekey-quote: 1.",
    { param: "endpoint" },
  );

function quoteView({ preview, quote, scan }: { preview: HoldPreview; quote: Quote; scan: Scan }) {
  const { account, request, plan, refusal, caps } = preview;
  const { maxCost, expectedCost, now } = request;
  const heldCredits = heldTotal(account.holds);
  return {
    object: "quote",
    model: quote.model.id,
    provider: quote.model.provider,
    endpoint: request.endpoint,
    ...amount("max_cost", maxCost),
    ...amount("expected_cost", expectedCost),
    unbounded: quote.isUnbounded,
    service_tier: scan.serviceTier,
    rates: ratesView(quote.rates),
    catalog_version: quote.catalogVersion,
    output_limit: quote.outputMax,
    output_limit_that_fits: outputThatFits({ preview: { account, request, caps }, quote }),
    accepted: plan !== null,
    free: plan?.free ?? false,
    refusal:
      refusal === null
        ? null
        : {
            status: refusal.status,
            code: refusal.reason ?? refusal.code,
            message: refusal.message,
          },
    balance: {
      ...amount("credits", account.credits),
      ...amount("held", heldCredits),
      free_requests: account.free.requests,
      ...amount("free_credits", account.free.requests > 0 ? account.free.credits : 0),
    },
    limits: limitsView({ account, caps, now }),
  };
}

const amount = <Name extends string>(name: Name, nano: number) =>
  ({ [name]: formatCredits(nano), [`${name}_nano`]: nano }) as Record<Name, string> &
    Record<`${Name}_nano`, number>;

/** The largest output limit with which the request fits now; null where its limit does not bound its cost. */
function outputThatFits({
  preview: { account, request, caps },
  quote,
}: {
  preview: Pick<HoldPreview, "account" | "request" | "caps">;
  quote: Quote;
}): number | null {
  if (quote.outputMax === null || !request.outputThatFits) return null;
  const limitsLeft = caps
    .filter((state) => !isRate(state))
    .reduce((minimum, { cap }) => Math.min(minimum, cap?.left ?? 0), Infinity);
  const allowance = account.free.requests > 0 ? account.free.credits : 0;
  const available = Math.max(0, allowance, Math.min(account.credits, limitsLeft));
  if (available >= request.maxCost && request.maxCost === 0) return null;
  return Math.min(request.outputThatFits(available), quote.model.maxOutput);
}

/** Rates in credits: tokens by the million, everything else by the unit. */
function ratesView({ tiers, imagePrices, perCall, ...plain }: Rates) {
  return {
    ...inCredits(plain),
    ...(perCall ? { per_call: inCredits(perCall) } : {}),
    ...(imagePrices
      ? {
          image_prices: imagePrices.map(({ quality, resolution, rate }) => ({
            quality,
            resolution,
            rate: formatCredits(rate),
          })),
        }
      : {}),
    ...(tiers
      ? {
          tiers: tiers.map(({ aboveInputTokens, ...rates }) => ({
            above_input_tokens: aboveInputTokens,
            ...inCredits(rates),
          })),
        }
      : {}),
  };
}

const inCredits = (rates: Record<string, number | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rates).flatMap(([name, rate]) =>
      rate === undefined ? [] : [[snakeCase(name), formatCredits(rate)]],
    ),
  );

const snakeCase = (name: string): string =>
  name
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replaceAll(/(?<=[a-z])(?=\d)/g, "_");

/** The limits that count the request, each with what is left of it; a limit that the project does not have is null. */
function limitsView({
  account,
  caps,
  now,
}: Pick<HoldPreview, "account" | "caps"> & { now: number }) {
  const { requestsPerMinute, requestsInFlight } = accountLimits(account);
  const usedRequests = account.minute?.at === minuteOf(now) ? account.minute.used : 0;
  const ofProject = (name: CapWindow) =>
    caps.find((state) => state.kind === "project" && state.window === name);
  const [minute, month] = [ofProject("requests"), ofProject("month")];
  return {
    account_requests_per_minute: window(requestsPerMinute, requestsPerMinute - usedRequests),
    account_requests_in_flight: window(requestsInFlight, requestsInFlight - account.holds.length),
    project_requests_per_minute: minute ? window(minute.limit, minute.cap?.left ?? 0) : null,
    project_credits_per_month: month
      ? {
          limit: formatCredits(month.limit),
          remaining: formatCredits(Math.max(0, month.cap?.left ?? 0)),
        }
      : null,
  };
}

const window = (limit: number, remaining: number) => ({
  limit,
  remaining: Math.max(0, remaining),
});
