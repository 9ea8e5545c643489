import { eachWithHolds, findOldestHold } from "@/lib/accounts/queries";
import { finishDeletions } from "@/lib/auth/delete-account";
import { env } from "@/lib/env";
import { liveInstances } from "@/lib/instances/heartbeat";
import { DEAD_AFTER_MS } from "@/lib/instances/schema";
import { finishPosts } from "@/lib/ledger/post";
import { rollUp } from "@/lib/usage/roll-up";
import { startOfDay } from "@/lib/usage/schema";
import { release } from "./release";

const GRACE_MS = 10 * 60_000;

/**
 * Settles or releases what dead instances left, and finishes half-done posts. Takes only holds of instances without a
 * heartbeat for 30 s, or older than any request may run. Safe twice at once, and beside a settle: the row decides. Then
 * goes on with deleted accounts, and sums closed days up: once a day, or at once with `again` and after a request of an earlier day was closed.
 */
export async function sweep({ now = Date.now(), again = false } = {}): Promise<{
  holds: number;
  posts: number;
  days: number;
  expired: number;
}> {
  const posts = await finishPosts();
  const live = await liveInstances(now);
  const oldest = now - env().limits.totalTimeoutMs - GRACE_MS;
  let holds = 0;
  let late = false;
  for await (const account of eachWithHolds()) {
    for (const hold of account.holds) {
      // Nobody can have been silent for longer than the hold is old.
      const silent = !live.has(hold.by) && hold.at < now - DEAD_AFTER_MS;
      if (!silent && hold.at >= oldest) continue;
      const row = await release({ accountId: account._id, hold });
      if (!row) continue;
      holds++;
      late ||= row.at < startOfDay(now);
    }
  }
  await finishDeletions();
  const { days, expired } = await rollUp({ oldestHold: findOldestHold, again: again || late });
  return { holds, posts, days, expired };
}
