import { findByKey } from "@/lib/accounts/queries";
import type { Hold } from "@/lib/accounts/schema";
import { settleHold } from "@/lib/accounts/settle";
import { findModel } from "@/lib/catalog/queries";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { persist } from "./persist";

/**
 * Closes a hold that no request will settle: with an interrupted row of cost 0, or with the row that exists already. Returns
 * the row when this call closed the hold.
 */
export async function release({
  accountId,
  hold,
}: {
  accountId: string;
  hold: Hold;
}): Promise<UsageRow | null> {
  const row = await recordUsage({
    _id: hold.id,
    accountId,
    projectId: hold.projectId,
    ...(hold.keyId === undefined ? {} : { keyId: hold.keyId }),
    at: new Date(hold.at),
    model: hold.model,
    servedModel: null,
    provider: findModel(hold.model)?.provider ?? "unknown",
    channel: "unknown",
    endpoint: hold.endpoint,
    stream: false,
    status: 0,
    endedBy: "interrupted",
    tokens: NO_TOKENS,
    cost: 0,
    free: false,
    latencyMs: 0,
    firstByteMs: null,
    held: hold.amount,
    usageSource: "estimated",
  });
  return (await settleHold({ accountId, hold, cost: row.cost, kept: row.free })) ? row : null;
}

/**
 * For a hold whose write failed without a response: it may have been applied, and its request will not continue. Looks for it
 * once the database is available again and releases it, so that it is not kept until the sweep considers it too old.
 */
export function releaseIfPlaced({ requestId, digest }: { requestId: string; digest: string }) {
  return (error: unknown): never => {
    if (!(error instanceof AppError))
      void persist("release.retried", requestId, async () => {
        const account = await findByKey(digest);
        const hold = account?.holds.find(({ id }) => id === requestId);
        if (account && hold) await release({ accountId: account._id, hold });
      }).catch((last: unknown) =>
        log.error("release.failed", { requestId, error: errorName(last) }),
      );
    throw error;
  };
}
