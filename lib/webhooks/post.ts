import { Client } from "undici";
import type { DeliveryProblem } from "@/lib/webhook-deliveries/schema";
import { parseTarget, RefusedAddress, resolveTarget, type ResolveHost } from "./target";

/** From the look-up of the name to the end of the response. */
const TIMEOUT_MS = 10_000;
/** More of a response's body is not read. */
const BODY_BYTES_MAX = 4_096;

export type PostResult = { status: number | null; problem?: DeliveryProblem; latencyMs: number };

/**
 * Posts a body to a URL over a separate connection to an address that was checked. It follows no redirect, reads at most 4 kB of
 * the response's body and keeps nothing of it. Never throws: without a response, `status` is null and `problem` says why.
 */
export async function postBody(input: {
  url: string;
  headers: Record<string, string>;
  body: string;
  resolve?: ResolveHost | undefined;
  timeoutMs?: number;
}): Promise<PostResult> {
  const { headers, body, resolve, timeoutMs = TIMEOUT_MS } = input;
  const begin = performance.now();
  const elapsed = () => Math.round(performance.now() - begin);
  const signal = AbortSignal.timeout(timeoutMs);
  let client: Client | undefined;
  try {
    const url = parseTarget(input.url);
    const addresses = await resolveTarget(url, signal, resolve);
    client = new Client(url.origin, {
      connect: { timeout: timeoutMs, lookup: pinned(addresses) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const response = await client.request({
      method: "POST",
      path: url.pathname + url.search,
      headers: {
        ...headers,
        "content-type": "application/json",
        "user-agent": "OneKey-Webhooks/1.0",
      },
      body,
      signal,
    });
    const latencyMs = elapsed();
    await skipBody(response.body).catch(() => undefined);
    return { status: response.statusCode, latencyMs };
  } catch (error) {
    return { status: null, problem: problemOf(error), latencyMs: elapsed() };
  } finally {
    await client?.destroy().catch(() => undefined);
  }
}

/** Reads a small body to its end, so that the receiver sees an orderly one; leaves the rest of a large one. */
async function skipBody(body: AsyncIterable<Buffer>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return;
  }
}

/** A look-up that returns only these addresses, in the form of `dns.lookup`. */
function pinned(addresses: { address: string; family: 4 | 6 }[]) {
  return (
    _host: string,
    options: { all?: boolean | undefined },
    callback: (
      error: NodeJS.ErrnoException | null,
      address: string | { address: string; family: number }[],
      family?: number,
    ) => void,
  ): void => {
    const [first] = addresses;
    if (options.all || !first) callback(null, addresses);
    else callback(null, first.address, first.family);
  };
}

const PROBLEMS: [code: RegExp, problem: DeliveryProblem][] = [
  [/TIMEOUT|ETIMEDOUT|^TimeoutError$|^AbortError$|ECANCELLED/, "timeout"],
  [/^(ENOTFOUND|ENODATA|ESERVFAIL|EREFUSED|ENONAME|EBADNAME|EFORMERR|EBADRESP|EAI_)/, "dns"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, "refused"],
  [/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/, "tls"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "reset"],
];

function problemOf(error: unknown): DeliveryProblem {
  if (error instanceof RefusedAddress) return "address";
  const { code, name } = error as { code?: unknown; name?: unknown };
  const key = [code, name].map(String);
  return PROBLEMS.find(([pattern]) => key.some((text) => pattern.test(text)))?.[1] ?? "failed";
}
