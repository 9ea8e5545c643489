import { z } from "zod";
import { eachAuditEntry } from "@/lib/audit-log/queries";
import { AppError } from "@/lib/errors";
import { download } from "@/lib/http/download";
import { auditedByPerson } from "../../../audited";
import { serveDownload } from "../../../serve-download";
import { AuditSearch, filterOf } from "../search";
import { csvOf, jsonOf } from "./files";

const Format = z.enum(["csv", "json"]);

/** The entries that match the page's filters, as a file. The export is an entry itself. */
export const GET = (request: Request): Promise<Response> =>
  serveDownload(
    { permission: "auditLog:view", page: "/dashboard/settings/audit-log" },
    async (member) => {
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const format = Format.safeParse(query.format ?? "json");
      if (!format.success)
        throw new AppError("bad_request", "Choose the format csv or json.", { param: "format" });
      const search = AuditSearch.parse(query);
      const filter = filterOf({ accountId: member.account._id, role: member.role }, search);
      await auditedByPerson(member, "audit_log.exported", async () => undefined);
      const isCsv = format.data === "csv";
      const entries = eachAuditEntry(filter);
      return download({
        pieces: isCsv ? csvOf(entries) : jsonOf(entries),
        type: isCsv ? "text/csv" : "application/json",
        name: `onekey-audit-log.${format.data}`,
      });
    },
  );
