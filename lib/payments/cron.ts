import { cronAnswer, refuseCron } from "@/lib/auth/cron";
import { runPaymentJobs } from "./jobs";

/** All payment jobs once, by a request, where no timer runs. Running twice changes nothing. */
export async function payOnRequest(request: Request): Promise<Response> {
  const refusal = refuseCron(request);
  if (refusal) return refusal;
  return cronAnswer({ jobs: await runPaymentJobs() });
}
