import { sweepOnRequest } from "@/lib/gateway/cron";

export const dynamic = "force-dynamic";
export { sweepOnRequest as GET, sweepOnRequest as POST };
