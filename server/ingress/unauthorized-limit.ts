import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { isWellFormedKey } from "@/lib/ids";

const WINDOW_MS = 60_000;
/** Addresses remembered; the oldest is forgotten first. */
const ADDRESSES_MAX = 10_000;
/** Requests of one address over its limit whose keys may be looked up together. */
const LOOKUPS_MAX = 4;

type FailureCount = { until: number; count: number; lookups: number };

/**
 * Limits the 401s of one client address to `perMinute`. Over it, a request without a well-formed key is a 429 without
 * further work, and few keys are looked up together. A valid key is served all the same: many clients can share an
 * address, and one that has lost its key must not stop the others.
 */
export function createUnauthorizedLimit(perMinute: number) {
  const byAddress = new Map<string, FailureCount>();

  function overLimit(address: string): FailureCount | null {
    if (byAddress.size === 0) return null;
    const failures = byAddress.get(address);
    if (failures === undefined || failures.count < perMinute) return null;
    return failures.until > performance.now() ? failures : null;
  }

  function noteFailure(address: string): void {
    const at = performance.now();
    const failures = byAddress.get(address);
    if (failures !== undefined && failures.until > at) {
      failures.count++;
      return;
    }
    byAddress.delete(address);
    const [oldest] = byAddress.keys();
    if (oldest !== undefined && byAddress.size >= ADDRESSES_MAX) byAddress.delete(oldest);
    byAddress.set(address, { until: at + WINDOW_MS, count: 1, lookups: 0 });
  }

  return {
    noteFailure,

    /**
     * The error of a request whose address is over its limit; null when the request may go on. `restate` is then called
     * for it where its 401 has to become this limit's 429.
     */
    check(
      req: IncomingMessage,
      res: ServerResponse,
      address: string,
      restate: (error: AppError) => void,
    ): AppError | null {
      const failures = overLimit(address);
      if (failures === null) return null;
      if (!presentsWellFormedKey(req) || failures.lookups >= LOOKUPS_MAX)
        return tooManyFailures(failures);
      failures.lookups++;
      const decide = () => {
        failures.lookups--;
        res.off("close", decide);
        req.off("resume", decide);
      };
      res.once("close", decide);
      // A body is read only after its key was accepted.
      req.once("resume", decide);
      replaceUnauthorized(res, () => restate(tooManyFailures(failures)));
      return null;
    },
  };
}

function tooManyFailures({ until }: FailureCount): AppError {
  const seconds = Math.max(1, Math.ceil((until - performance.now()) / 1000));
  return new AppError(
    "rate_limited",
    "Too many requests with an invalid API key came from this address. Check the key, then try again.",
    { headers: { "retry-after": String(seconds) } },
  );
}

/** Calls `replace` in place of a response that would begin with 401. */
function replaceUnauthorized(res: ServerResponse, replace: () => void): void {
  const { writeHead, write, end } = res;
  const restore = () => Object.assign(res, { writeHead, write, end });
  res.writeHead = ((status: number, ...parameters: [Record<string, string>]) => {
    restore();
    if (status !== 401) return res.writeHead(status, ...parameters);
    replace();
    return Object.assign(res, { write: () => true, end: () => res });
  }) as typeof res.writeHead;
}

/** Whether a request has a well-formed key in any place where the gateway looks for one. */
function presentsWellFormedKey({ headers, url = "" }: IncomingMessage): boolean {
  const query = url.includes("key=") ? new URL(url, "http://x").searchParams.get("key") : null;
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return [bearer, headers["x-api-key"], headers["x-goog-api-key"], query].some(
    (key) => typeof key === "string" && isWellFormedKey(key.trim()),
  );
}
