import { audit } from "@/lib/maintenance/audit";
import { countProviderHours } from "@/lib/maintenance/provider-health";
import { sweep } from "@/lib/maintenance/sweep";
import type { Result } from "./commands";

/** Does everything that the timers of a server do, now. */
export async function sweepNow(): Promise<Result> {
  const { holds, posts, days, expired } = await sweep({ again: true });
  const hours = await countProviderHours({ again: true });
  return {
    data: { holds, posts, days, expired, hours },
    lines: [
      `${holds} holds closed, ${posts} posts finished, ${days} days and ${hours} hours summed up`,
    ],
  };
}

export async function auditBooks(): Promise<Result> {
  const { accounts, problems } = await audit();
  return {
    data: { accounts, problems },
    lines: [`${accounts} accounts, ${problems.length} problems`, ...problems],
    failed: problems.length > 0,
  };
}
