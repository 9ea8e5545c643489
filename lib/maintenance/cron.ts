import { cronAnswer, refuseCron } from "@/lib/auth/cron";
import { announceChanges } from "@/lib/webhooks/announce";
import { mailDisabledEndpoints } from "@/lib/webhooks/disabled-mail";
import { deliverDue } from "@/lib/webhooks/deliver";
import { ensureIndexes } from "./boot";
import { countProviderHours } from "./provider-health";
import { notifyUnknownModels } from "./notify-unknown-models";
import { sweep } from "./sweep";

/** The sweep as a request, for a host without a long-lived process, where no timer runs. Sweeping twice changes nothing. */
export async function sweepOnRequest(request: Request): Promise<Response> {
  const refusal = refuseCron(request);
  if (refusal) return refusal;
  await ensureIndexes();
  const result = await sweep();
  await countProviderHours();
  await notifyUnknownModels();
  await announceChanges();
  await deliverDue({ rounds: 10 });
  await mailDisabledEndpoints();
  return cronAnswer(result);
}
