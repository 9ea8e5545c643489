import { cronAnswer, refuseCron } from "@/lib/auth/cron";
import { runDailyCheck } from "./daily";

/** The daily check as a request, for a host where no timer runs. Asked more often, it runs when it is due. */
export async function checkOnRequest(request: Request): Promise<Response> {
  const refusal = refuseCron(request);
  if (refusal) return refusal;
  return cronAnswer({ checked: await runDailyCheck() });
}
