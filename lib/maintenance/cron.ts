import { cronAnswer, refuseCron } from "@/lib/auth/cron";
import { ensureIndexes } from "./boot";
import { countProviderHours } from "./provider-health";
import { sweep } from "./sweep";

/** The sweep as a request, for a host without a process of one's own, where no timer runs. Sweeping twice changes nothing. */
export async function sweepOnRequest(request: Request): Promise<Response> {
  const refused = refuseCron(request);
  if (refused) return refused;
  await ensureIndexes();
  const done = await sweep();
  await countProviderHours();
  return cronAnswer(done);
}
