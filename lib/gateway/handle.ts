import { placeHold } from "@/lib/accounts/hold";
import { now } from "@/lib/clock";
import { AppError, isFull, isUnreachable } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { instanceId } from "@/lib/instances/heartbeat";
import { began } from "@/lib/instances/in-flight";
import { errorName, log } from "@/lib/log";
import { count } from "@/lib/metrics";
import { answer } from "./own-endpoints/serve-own-endpoint";
import { errorBody } from "./response/error-body";
import { dialectOf, route } from "./request/endpoints";
import type { Exchange } from "./exchange";
import { exchangeWithProvider } from "./upstream/proxy";
import { parse } from "./request/parse";
import { quoteCall } from "./pricing/quote";
import { releaseIfPlaced } from "./settlement/release";
import { settle, settlesTried, type Settlement } from "./settlement/settle";

/** What happens to a request: parse → quote → hold (authenticates and reserves in one write) → forward → meter → settle. */
export function handle(exchange: Exchange): Promise<void> {
  const requestId = newId("req");
  const over = began(requestId);
  // A function of its own, so that nothing of the exchange is kept while its settle waits for others.
  return serve(exchange, requestId)
    .then((ended) => ended && settle(ended))
    .catch((error: unknown) => void noted(error, requestId))
    .finally(over);
}

async function serve(exchange: Exchange, requestId: string): Promise<Settlement | undefined> {
  const [startedAt, at] = [performance.now(), new Date(now())];
  const dialect = dialectOf(exchange.path, exchange.headers);
  try {
    const found = route(exchange.method, exchange.path, dialect);
    if (found.kind !== "forward") return void (await answer({ exchange, requestId, route: found }));
    const { endpoint, model } = found;
    const { digest, body, scan } = await parse({ exchange, endpoint, model });
    const quote = quoteCall({ scan, endpoint, at });
    const held = await placeHold({
      requestId,
      digest,
      model: quote.model.id,
      endpoint: endpoint.name,
      address: exchange.address,
      worst: quote.worst,
      likely: quote.likely,
      outputThatFits: quote.outputThatFits,
      roseSince: quote.roseSince,
      settled: settlesTried,
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
  }
}

const databaseAway = () =>
  new AppError("unavailable", "OneKey cannot reach its database. Nothing was charged: try again.", {
    headers: { "retry-after": "2" },
  });
const databaseFull = () =>
  new AppError(
    "unavailable",
    "OneKey's database has no room to write. Nothing was charged: try again later.",
    {
      headers: { "retry-after": "10" },
    },
  );
const unknownFailure = () =>
  new AppError(
    "internal",
    "Something failed on our side. Nothing was charged unless your usage shows it.",
  );

function told(error: unknown): AppError {
  if (isUnreachable(error)) return databaseAway();
  return isFull(error) ? databaseFull() : unknownFailure();
}

/** Notes a failure and gives what may be told of it: what is not an AppError is logged by its name alone. */
function noted(error: unknown, requestId: string): AppError {
  const known = error instanceof AppError ? error : told(error);
  if (known !== error) log.error("request.failed", { requestId, error: errorName(error) });
  count("onekey_refusals_total", { code: known.code });
  return known;
}

/** Tells the client what went wrong, in its dialect. */
function refuse({
  exchange,
  requestId,
  error,
  dialect,
}: {
  exchange: Exchange;
  requestId: string;
  error: unknown;
  dialect: ReturnType<typeof dialectOf>;
}): undefined {
  const known = noted(error, requestId);
  if (exchange.left.aborted || exchange.started()) return;
  const bytes = Buffer.from(errorBody(known, dialect, requestId));
  exchange.head(known.status, {
    ...known.headers,
    "content-type": "application/json",
    "content-length": String(bytes.length),
    "cache-control": "no-store",
    "x-onekey-request-id": requestId,
  });
  void exchange.write(bytes);
  exchange.end();
}
