import { channelOf } from "@/lib/stored-responses/ids";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import type { Endpoint } from "./endpoints";
import { headerOf, type Exchange } from "../exchange";
import { presentedKey } from "../upstream/headers";
import { checkQuery } from "./check-query";
import { scanBody, type Scan } from "../body-scan";

export type Call = { digest: string; body: Buffer; scan: Scan };

/** Reads the key's form, the body within its cap, and the fields that route and price it. No provider is contacted. */
export async function parse({
  exchange,
  endpoint,
  model,
}: {
  exchange: Exchange;
  endpoint: Endpoint;
  model?: string;
}): Promise<Call> {
  const digest = digestOf(presentedKey(exchange), env().keyPepper);
  checkQuery(exchange.query, endpoint.dialect);
  const body = await exchange.readBody(env().limits.bodyBytesMax);
  const scan = await scanBody({
    endpoint: endpoint.name,
    body,
    contentType: headerOf(exchange, "content-type"),
    contentEncoding: headerOf(exchange, "content-encoding"),
    ...(model === undefined ? {} : { pathModel: model }),
  });
  return { digest, body, scan };
}

/** The channel that holds what a request refers to; throws not_found for an id that this account was not given. */
export async function channelOfReferences({
  accountId,
  scan,
}: {
  accountId: string;
  scan: Scan;
}): Promise<string | undefined> {
  const ids = [
    ...(scan.previousResponseId ? [scan.previousResponseId] : []),
    ...scan.itemReferences,
    ...(scan.comparedResponseId ? [scan.comparedResponseId] : []),
  ];
  let channel: string | undefined;
  for (const id of ids) {
    const found = await channelOf({ accountId, id });
    if (found === null || (channel !== undefined && found !== channel)) {
      throw new AppError(
        "not_found",
        "There is no such stored response or item: send the earlier turns in the request instead.",
        { param: parameterOf(id, scan) },
      );
    }
    channel = found;
  }
  return channel;
}

function parameterOf(id: string, scan: Scan): string {
  if (id === scan.previousResponseId) return "previous_response_id";
  return id === scan.comparedResponseId ? "prompt_cache_options.comparison_response_id" : "input";
}
