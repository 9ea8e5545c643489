import { requireAccount } from "@/lib/auth/session";
import { auditedByPerson } from "../../audited";
import { movementsCsv } from "../csv";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const account = await requireAccount("/dashboard/credits");
  await auditedByPerson(account, "ledger.exported", async () => undefined);
  return new Response(await movementsCsv(account), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="onekey-ledger-${new Date().toISOString().slice(0, 10)}.csv"`,
      "cache-control": "no-store",
    },
  });
}
