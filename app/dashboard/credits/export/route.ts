import { auditedByPerson } from "../../audited";
import { serveDownload } from "../../serve-download";
import { movementsCsv } from "../csv";

export const dynamic = "force-dynamic";

export const GET = (): Promise<Response> =>
  serveDownload({ permission: "credits:view", page: "/dashboard/credits" }, async (member) => {
    await auditedByPerson(member, "ledger.exported", async () => undefined);
    return new Response(await movementsCsv(member.account), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="onekey-ledger-${new Date().toISOString().slice(0, 10)}.csv"`,
        "cache-control": "no-store",
      },
    });
  });
