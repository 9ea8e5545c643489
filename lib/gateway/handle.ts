import { placeHold } from "@/lib/accounts/hold";
import { now } from "@/lib/clock";
import { findApiPath } from "@/lib/http/api-path";
import { newId } from "@/lib/ids";
import { instanceId } from "@/lib/instances/heartbeat";
import { began } from "@/lib/instances/in-flight";
import { answer } from "./own-endpoints/serve-own-endpoint";
import { allowOrigins, servePreflight } from "./response/cors";
import { noteFailure, refuse } from "./response/refuse";
import { dialectOf, route } from "./request/endpoints";
import type { Exchange } from "./exchange";
import { exchangeWithProvider } from "./upstream/proxy";
import { admit, type Admission } from "./request/admit";
import { parse } from "./request/parse";
import { quoteCall } from "./pricing/quote";
import { createRefinement } from "./pricing/refine";
import { releaseIfPlaced } from "./settlement/release";
import { settle, settlesTried, type Settlement } from "./settlement/settle";

/** What happens to a request: admit (by its key) → parse → quote → hold (authorizes and reserves in one write) → forward → meter → settle. */
export function handle(received: Exchange): Promise<void> {
  const exchange = allowOrigins(received);
  const requestId = newId("req");
  const over = began(requestId);
  // A function of its own, so that nothing of the exchange is kept while its settle waits for others.
  return serve(exchange, requestId)
    .then((ended) => ended && settle(ended))
    .catch((error: unknown) => void noteFailure(error, requestId))
    .finally(over);
}

async function serve(exchange: Exchange, requestId: string): Promise<Settlement | undefined> {
  const [startedAt, at] = [performance.now(), new Date(now())];
  const path = findApiPath(exchange.path, exchange.headers) ?? exchange.path;
  const dialect = dialectOf(path, exchange.headers);
  let admission: Admission | undefined;
  try {
    if (exchange.method === "OPTIONS") return void servePreflight(exchange, requestId);
    const target = route(exchange.method, path, dialect);
    admission = await admit({ exchange, placesHold: target.kind === "forward" });
    if (target.kind !== "forward")
      return void (await answer({ exchange, requestId, route: target }));
    const { endpoint, model } = target;
    const { caller, budget } = admission;
    const { digest } = caller;
    const { body, scan } = await parse({ exchange, endpoint, model, admission });
    const quote = quoteCall({ scan, endpoint, at });
    const held = await placeHold({
      requestId,
      digest,
      model: quote.model.id,
      endpoint: endpoint.name,
      address: exchange.address,
      maxCost: quote.maxCost,
      expectedCost: quote.expectedCost,
      isUnbounded: quote.isUnbounded,
      outputThatFits: quote.outputThatFits,
      refine: createRefinement({ exchange, scan, body, endpoint, at, budget }),
      roseSince: quote.roseSince,
      settled: settlesTried,
      left: exchange.left,
      by: instanceId(),
      now: at.getTime(),
    }).catch(releaseIfPlaced({ requestId, digest }));
    const { outcome, error } = await exchangeWithProvider({
      exchange,
      requestId,
      endpoint,
      scan,
      body,
      quote,
      held,
      startedAt,
    });
    // Told at once: while the database is away, settling may take minutes.
    if (error) refuse({ exchange, requestId, error, dialect });
    return { requestId, held, quote, stream: scan.stream, startedAt, at, outcome };
  } catch (error) {
    return refuse({ exchange, requestId, error, dialect });
  } finally {
    admission?.end();
  }
}
