import { sweepOnRequest } from "@/lib/maintenance/cron";

export const dynamic = "force-dynamic";
export { sweepOnRequest as GET, sweepOnRequest as POST };
