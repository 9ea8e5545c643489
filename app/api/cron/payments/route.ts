import { payOnRequest } from "@/lib/payments/cron";

export const dynamic = "force-dynamic";
export { payOnRequest as GET, payOnRequest as POST };
