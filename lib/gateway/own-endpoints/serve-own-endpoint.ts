import { readKeyScope } from "@/lib/accounts/key-owner";
import { allowedModels } from "@/lib/accounts/key-rules";
import type { KeyScope } from "@/lib/accounts/seen-accounts";
import { heldTotal, type Account, type Project } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { formatCredits } from "@/lib/money";
import { channelOf } from "@/lib/stored-responses/ids";
import { listRows, rowView } from "@/lib/usage/queries";
import type { Route } from "../request/endpoints";
import { headerOf, type Exchange } from "../exchange";
import { channelById } from "../upstream/channels";
import { forward } from "../upstream/forward";
import { clientHeaders, presentedKey } from "../upstream/headers";
import { relay } from "../response/relay";
import { checkStoredQuery } from "./check-stored-query";
import { sendJson } from "./send-json";
import { endpointMissing } from "./serve-quote";
import { findSettledRow } from "./wait-for-row";
import { settlesTried } from "../settlement/settle";
import { modelListView, modelView } from "./list-models";

type OwnRoute = Exclude<Route, { kind: "forward" }>;

/** Serves the endpoints that need no model: lists of models, the balance, usage rows, and stored responses of this account. */
export async function serveOwnEndpoint({
  exchange,
  requestId,
  route,
  isQuote,
}: {
  exchange: Exchange;
  requestId: string;
  route: OwnRoute;
  isQuote: boolean;
}): Promise<void> {
  if (route.kind === "quote") throw endpointMissing();
  if (isQuote && route.kind === "stored") throw priceless();
  if (hasBody(exchange))
    throw new AppError(
      "bad_request",
      `A ${exchange.method} request takes no body. Send it without one.`,
    );
  // Requests that have ended in this instance are included, though their settlement may still wait for its batch.
  if (route.kind === "credits" || route.kind === "usage") await settlesTried();
  const scope = await findScope(exchange);
  const { account, project } = scope;
  switch (route.kind) {
    case "models":
      return sendJson(
        exchange,
        requestId,
        route.id === undefined
          ? modelListView({
              dialect: route.dialect,
              allowed: allowedModels(scope),
              query: exchange.query,
            })
          : modelView(route.id, route.dialect),
      );
    case "credits":
      return sendJson(exchange, requestId, creditsView(account));
    case "usage":
      return sendJson(
        exchange,
        requestId,
        await usageView({ exchange, account, project, id: route.id }),
      );
    case "stored":
      return relayStoredResponse({ exchange, requestId, account, project, route });
  }
}

/** A quote forwards nothing, and what has no price has no quote. */
const priceless = () =>
  new AppError(
    "bad_request",
    "Reading or deleting a stored response costs nothing, and has no quote. Leave out the header x-onekey-quote.",
  );

const hasBody = (exchange: Exchange) =>
  Number(headerOf(exchange, "content-length") ?? 0) > 0 ||
  headerOf(exchange, "transfer-encoding") !== undefined;

const findScope = (exchange: Exchange): Promise<KeyScope> =>
  readKeyScope({
    digest: digestOf(presentedKey(exchange), env().keyPepper),
    address: exchange.address,
    origin: headerOf(exchange, "origin"),
  });

function creditsView(account: Account) {
  const heldCredits = heldTotal(account.holds);
  return {
    credits: formatCredits(account.credits),
    credits_nano: account.credits,
    held: formatCredits(heldCredits),
    held_nano: heldCredits,
    free_requests: account.free.requests,
  };
}

async function usageView({
  exchange,
  account,
  project,
  id,
}: {
  exchange: Exchange;
  account: Account;
  project: Project;
  id: string | undefined;
}) {
  if (id !== undefined) {
    const { client } = exchange;
    return rowView(await findSettledRow({ account, project, requestId: id, client }));
  }
  const query = new URLSearchParams(exchange.query);
  const limit = Number(query.get("limit") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new AppError("bad_request", "limit must be an integer from 1 to 1000.", {
      param: "limit",
    });
  const text = query.get("before");
  const before = text === null ? undefined : new Date(text);
  if (before && Number.isNaN(before.getTime()))
    throw new AppError("bad_request", "before is a date such as 2026-11-24T14:32:01Z.", {
      param: "before",
    });
  const { rows, hasMore } = await listRows({
    projectId: project.id,
    limit,
    ...(before ? { before } : {}),
  });
  return { data: rows.map(rowView), has_more: hasMore };
}

async function relayStoredResponse(input: {
  exchange: Exchange;
  requestId: string;
  account: Account;
  project: Project;
  route: Extract<OwnRoute, { kind: "stored" }>;
}): Promise<void> {
  const { exchange, requestId, account, project, route } = input;
  checkStoredQuery(exchange.query, route);
  const channelId = await channelOf({ accountId: account._id, id: route.id });
  // A credential that is no longer configured cannot read what was stored with it.
  const channel = channelId === null ? undefined : channelById(channelId);
  if (!channel) throw new AppError("not_found", "There is no such response.");
  const startedAt = performance.now();
  const deadline = startedAt + env().limits.totalTimeoutMs;
  const { response } = await forward({
    exchange,
    provider: channel.provider,
    model: "",
    accountId: account._id,
    projectId: project.id,
    path: `/responses/${route.id}${route.rest}`,
    method: route.method,
    body: null,
    only: channel.id,
    deadline,
  });
  exchange.head(response.statusCode, clientHeaders(response.headers, requestId));
  await relay({ exchange, body: response.body, reader: null, startedAt, deadline });
}
