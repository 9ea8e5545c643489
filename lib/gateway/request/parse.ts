import { channelOf } from "@/lib/stored-responses/ids";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { scanBody, type Scan } from "../body-scan";
import { headerOf, type Exchange } from "../exchange";
import type { Admission } from "./admit";
import { checkQuery } from "./check-query";
import type { UpstreamSockets } from "../socket/upstream-sockets";
import type { Endpoint } from "./endpoints";

export type ParsedRequest = { body: Buffer; scan: Scan };

/** A body that takes longer is read on only if its key is still valid. */
const SLOW_MS = 1_000;

/** Reads the body within its limits, and the fields that route and price it. No provider is contacted. */
export async function parseRequest({
  exchange,
  endpoint,
  model,
  admission,
}: {
  exchange: Exchange;
  endpoint: Endpoint;
  model?: string;
  admission: Admission;
}): Promise<ParsedRequest> {
  const { caller, budget } = admission;
  checkQuery(exchange.query, endpoint.dialect);
  const { bodyBytesMax } = env().limits;
  try {
    const body = await readBody({ exchange, admission, bytesMax: bodyBytesMax });
    const scan = await scanBody({
      endpoint: endpoint.name,
      body,
      contentType: headerOf(exchange, "content-type"),
      contentEncoding: headerOf(exchange, "content-encoding"),
      bytesMax: bodyBytesMax,
      budget,
      pathModel: model,
    });
    return { body, scan: exchange.sockets ? asTurn({ scan, sockets: exchange.sockets }) : scan };
  } catch (error) {
    // Whatever is wrong with the body, a key that was revoked since this instance last saw it is reported first.
    await caller.confirm();
    throw error;
  }
}

/** What a message on a socket asks for. Throws bad_request for what is no turn. */
function asTurn({ scan, sockets }: { scan: Scan; sockets: UpstreamSockets }): Scan {
  const { eventType, streamId, previousResponseId } = scan;
  if (eventType !== "response.create")
    throw new AppError(
      "bad_request",
      `The event ${JSON.stringify((eventType ?? "").slice(0, 64))} is not supported on this socket. Send response.create.`,
      { param: "type" },
    );
  if (streamId !== null)
    throw new AppError(
      "bad_request",
      "Several conversations on one socket are not supported. Leave stream_id out, and open a socket for each.",
      { param: "stream_id" },
    );
  const previousTokens = previousResponseId === null ? null : sockets.contextOf(previousResponseId);
  return { ...scan, stream: true, previousTokens };
}

function readBody({
  exchange,
  admission: { caller, budget },
  bytesMax,
}: {
  exchange: Exchange;
  admission: Admission;
  bytesMax: number;
}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => void caller.confirm().catch(reject), SLOW_MS);
    exchange.readBody({ bytesMax, take: budget.take }).then(
      (body) => {
        clearTimeout(timer);
        resolve(body);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** Whether a request refers to what a provider stored for an earlier one. */
export const hasReferences = (scan: Scan): boolean =>
  scan.previousResponseId !== null ||
  scan.itemReferences.length > 0 ||
  scan.comparedResponseId !== null;

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
    const channelId = await channelOf({ accountId, id });
    if (channelId === null || (channel !== undefined && channelId !== channel)) {
      throw new AppError(
        "not_found",
        "There is no such stored response or item. Send the earlier turns in the request instead.",
        { param: parameterOf(id, scan) },
      );
    }
    channel = channelId;
  }
  return channel;
}

function parameterOf(id: string, scan: Scan): string {
  if (id === scan.previousResponseId) return "previous_response_id";
  return id === scan.comparedResponseId ? "prompt_cache_options.comparison_response_id" : "input";
}
