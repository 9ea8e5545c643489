import { placeHold } from "@/lib/accounts/hold";
import type { HoldRequest } from "@/lib/accounts/plan";
import { now } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { instanceId } from "@/lib/instances/heartbeat";
import { began } from "@/lib/instances/in-flight";
import { serveOwnEndpoint } from "./own-endpoints/serve-own-endpoint";
import { serveQuote } from "./own-endpoints/serve-quote";
import { allowOrigins, servePreflight } from "./response/cors";
import { noteFailure, refuse } from "./response/refuse";
import { dialectOf, findRoute } from "./request/endpoints";
import { findTarget } from "./request/quote-target";
import type { Exchange } from "./exchange";
import { proxyRequest } from "./upstream/proxy";
import { admit, type Admission } from "./request/admit";
import { parseRequest } from "./request/parse";
import { quoteCall } from "./pricing/quote";
import { createRefinement } from "./pricing/refine";
import { releaseIfPlaced } from "./settlement/release";
import { settle, settlesTried, type Settlement } from "./settlement/settle";

/** What happens to a request: admit (by its key) → parse → quote → hold (authorizes and reserves in one write) → forward → meter → settle. */
export function handle(incoming: Exchange): Promise<void> {
  const exchange = allowOrigins(incoming);
  const requestId = newId("req");
  const markEnded = began(requestId);
  // `serve` is a separate function, so that nothing of the exchange is kept in memory while its settlement waits for others.
  return serve(exchange, requestId)
    .then((settlement) => settlement && settle(settlement))
    .catch((error: unknown) => void noteFailure(error, requestId))
    .then(markEnded);
}

async function serve(incoming: Exchange, requestId: string): Promise<Settlement | undefined> {
  const startedAt = performance.now();
  const at = new Date(now());
  const { exchange, path, isQuote } = findTarget(incoming);
  const dialect = dialectOf(path, exchange.headers);
  let admission: Admission | undefined;
  try {
    if (exchange.method === "OPTIONS") return void servePreflight(exchange, requestId);
    const target = findRoute(exchange.method, path, dialect);
    admission = await admit({ exchange, placesHold: target.kind === "forward" && !isQuote });
    if (target.kind !== "forward")
      return void (await serveOwnEndpoint({ exchange, requestId, route: target, isQuote }));
    const { endpoint, model } = target;
    const { caller, budget } = admission;
    const { digest, origin } = caller;
    const { body, scan } = await parseRequest({ exchange, endpoint, model, admission });
    const quote = quoteCall({ scan, endpoint, at });
    const holdRequest: HoldRequest = {
      requestId,
      digest,
      model: quote.model.id,
      endpoint: endpoint.name,
      address: exchange.address,
      origin,
      maxCost: quote.maxCost,
      expectedCost: quote.expectedCost,
      maxTokens: quote.maxTokens,
      isUnbounded: quote.isUnbounded,
      outputThatFits: quote.outputThatFits,
      refine: createRefinement({ exchange, scan, body, endpoint, at, budget }),
      roseSince: quote.roseSince,
      settled: settlesTried,
      left: exchange.client,
      by: instanceId(),
      now: at.getTime(),
    };
    if (isQuote) return void (await serveQuote({ exchange, requestId, holdRequest, quote, scan }));
    const placedHold = await placeHold(holdRequest).catch(releaseIfPlaced({ requestId, digest }));
    const heldAt = performance.now();
    const { outcome, error } = await proxyRequest({
      exchange,
      requestId,
      endpoint,
      scan,
      body,
      quote,
      held: placedHold,
      startedAt,
    });
    // Reported before settling, which may take minutes while the database is unavailable.
    if (error) refuse({ exchange, requestId, error, dialect, maxCost: placedHold.maxCost });
    const { stream } = scan;
    return { requestId, held: placedHold, quote, stream, startedAt, heldAt, outcome };
  } catch (error) {
    return refuse({ exchange, requestId, error, dialect });
  } finally {
    admission?.end();
  }
}
