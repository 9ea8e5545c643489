import { creditLimitError } from "@/lib/accounts/limit-errors";
import type { AppError } from "@/lib/errors";
import { NANO_PER_CREDIT } from "@/lib/money";
import type { LimitRow } from "./limit-rows";

const CREDIT_WINDOWS = ["day", "week", "month", "total"] as const;
const CENT = NANO_PER_CREDIT / 100;

/**
 * The error of a request that costs a little more than what is left of the tightest limit of credits: the gateway's own, with the
 * figures of the rows. Null where there is no such limit.
 */
export function exampleError(rows: LimitRow[], now: number): AppError | null {
  const shares = rows.flatMap(({ kind, name, shares: rowShares }) =>
    rowShares.flatMap((share) => {
      const window = CREDIT_WINDOWS.find((candidate) => candidate === share.window);
      if (window === undefined || share.limit <= 0) return [];
      const { limit, chargedCredits, heldCredits } = share;
      const remaining = Math.max(0, limit - chargedCredits - heldCredits);
      return [{ owner: { kind, name }, window, limit, remaining, heldCredits }];
    }),
  );
  const [tightest] = shares.toSorted((a, b) => a.remaining / a.limit - b.remaining / b.limit);
  if (!tightest) return null;
  // More than is left and held, so that waiting for requests in flight would not help.
  const free = tightest.remaining + tightest.heldCredits;
  const maxCost = (Math.floor(free / CENT) + 2) * CENT;
  return creditLimitError({ ...tightest, maxCost, fits: 0, now });
}
