import { audit } from "@/lib/maintenance/audit";
import { countProviderHours } from "@/lib/maintenance/provider-health";
import { sweep } from "@/lib/maintenance/sweep";
import type { CommandResult } from "./commands";

/** Does everything that the timers of a server do, now. */
export async function sweepNow(): Promise<CommandResult> {
  const { holds, posts, days, expired } = await sweep({ again: true });
  const hours = await countProviderHours({ isForced: true });
  return {
    data: { holds, posts, days, expired, hours },
    lines: [
      `${holds} holds closed, ${posts} posts finished, ${days} days and ${hours} hours summed up`,
    ],
  };
}

export async function auditBooks(): Promise<CommandResult> {
  const { accounts, problems } = await audit();
  return {
    data: { accounts, problems },
    lines: [`${accounts} accounts, ${problems.length} problems`, ...problems],
    failed: problems.length > 0,
  };
}
