import { cronAnswer, refuseCron } from "@/lib/auth/cron";
import { runPaymentJobs } from "./jobs";

/** All payment jobs once, by a request, where no timer runs. Twice at once changes nothing. */
export async function payOnRequest(request: Request): Promise<Response> {
  const refused = refuseCron(request);
  if (refused) return refused;
  return cronAnswer({ jobs: await runPaymentJobs() });
}
