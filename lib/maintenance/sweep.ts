import { eachWithHolds, findOldestHold } from "@/lib/accounts/queries";
import type { Hold } from "@/lib/accounts/schema";
import { finishDeletions } from "@/lib/auth/delete-account";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { deadAmong, forgetDead, instanceId } from "@/lib/instances/heartbeat";
import { DEAD_AFTER_MS } from "@/lib/instances/schema";
import { isInFlight } from "@/lib/instances/in-flight";
import { endExpiredKeys } from "@/lib/keys/end-expired";
import { finishPosts } from "@/lib/ledger/post";
import { rollInsights } from "@/lib/usage/roll-insights";
import { rollUp } from "@/lib/usage/roll-up";
import { startOfDay } from "@/lib/usage/schema";
import { release } from "@/lib/gateway/settlement/release";

const GRACE_MS = 10 * 60_000;

/**
 * Settles or releases what dead instances left, and finishes half-done posts. Takes the holds of instances that are dead, and
 * those of this one that are older than any request may run and of none that is in flight; another live instance's are its own
 * to finish. Safe to run concurrently, also with a settle: the row decides. Then continues deleted accounts, and sums closed days
 * up: once a day, or immediately with `again` and after a request of an earlier day was closed.
 */
export async function sweep({ again: recheck = false } = {}): Promise<{
  holds: number;
  posts: number;
  days: number;
  expired: number;
}> {
  const posts = await finishPosts();
  let holds = 0;
  let late = false;
  for (const { accountId, hold } of await leftBehind()) {
    const row = await release({ accountId, hold });
    if (!row) continue;
    holds++;
    late ||= row.at < startOfDay(now());
  }
  await forgetDead();
  await endExpiredKeys(now());
  await finishDeletions();
  const { days, expired: expiredDays } = await rollUp({
    oldestHold: findOldestHold,
    again: recheck || late,
  });
  await rollInsights({ again: recheck });
  return { holds, posts, days, expired: expiredDays };
}

/** The holds that nobody will settle. */
async function leftBehind(): Promise<{ accountId: string; hold: Hold }[]> {
  const oldest = now() - env().limits.totalTimeoutMs - GRACE_MS;
  const ownHolds: { accountId: string; hold: Hold }[] = [];
  const deadHolds: { accountId: string; hold: Hold }[] = [];
  for await (const { _id: accountId, holds } of eachWithHolds())
    for (const hold of holds) {
      if (hold.by !== instanceId()) deadHolds.push({ accountId, hold });
      else if (hold.at < oldest && !isInFlight(hold.id)) ownHolds.push({ accountId, hold });
    }
  const dead = await deadAmong(new Set(deadHolds.map(({ hold }) => hold.by)));
  // Nobody can have been silent for longer than the hold is old.
  const isOld = (hold: Hold) => Math.abs(now() - hold.at) > DEAD_AFTER_MS;
  return [...ownHolds, ...deadHolds.filter(({ hold }) => dead.has(hold.by) && isOld(hold))];
}
