import { setTimeout as sleep } from "node:timers/promises";
import { errorName, log } from "@/lib/log";

/** While the database is unavailable, a write is retried for about ten minutes. */
const RETRY_MS = [100, 500, 2_000, ...Array.from({ length: 100 }, () => 5_000)];

/** Repeats idempotent work until it succeeds; throws the error of the last try. */
export async function persist<T>(
  event: string,
  requestId: string,
  work: () => Promise<T>,
): Promise<T> {
  for (const waitMs of RETRY_MS) {
    try {
      return await work();
    } catch (error) {
      log.warn(event, { requestId, error: errorName(error) });
      await sleep(waitMs);
    }
  }
  return work();
}
