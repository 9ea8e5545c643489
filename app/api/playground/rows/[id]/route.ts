import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@/lib/errors";
import type { PlaygroundRow } from "@/lib/playground/schema";
import { findOwnRow } from "@/lib/usage/rows";
import type { UsageRow } from "@/lib/usage/schema";
import { costLines } from "../../../../dashboard/usage/cost-lines";
import { sumText } from "../../../../dashboard/usage/sum-text";
import { servePage } from "../../own-page";

export const dynamic = "force-dynamic";

/** A row is written a moment after its response ends. */
const TRIES = 12;
const TRY_MS = 250;

/** The row of a request of the signed-in account, waited for for three seconds; 404 without one. */
export const GET = (
  request: Request,
  { params }: RouteContext<"/api/playground/rows/[id]">,
): Promise<Response> =>
  servePage(request, async (account) => {
    const { id } = await params;
    for (let tries = 0; tries < TRIES; tries++) {
      const row = await findOwnRow({ accountId: account._id, requestId: id });
      if (row) return viewOf(row);
      await delay(TRY_MS);
    }
    throw new AppError("not_found", "There is no row of this request yet.");
  });

function viewOf(row: UsageRow): PlaygroundRow {
  const { tokens } = row;
  const sum = costLines(row);
  return {
    id: row._id,
    cost: row.cost,
    free: row.free,
    input: tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h,
    output: tokens.output,
    latencyMs: row.latencyMs,
    estimated: row.usageSource === "estimated",
    sum: sum && sum.isExact && sum.other === 0 ? sumText(sum) : null,
  };
}
