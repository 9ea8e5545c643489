import { checkOnRequest } from "@/lib/maintenance/catalog-check/cron";

export const dynamic = "force-dynamic";
export { checkOnRequest as GET, checkOnRequest as POST };
