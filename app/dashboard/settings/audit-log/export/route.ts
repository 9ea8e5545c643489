import { eachAuditEntry } from "@/lib/audit-log/queries";
import type { AuditEntry } from "@/lib/audit-log/schema";
import { download } from "@/lib/http/download";
import { auditedByPerson } from "../../../audited";
import { serveDownload } from "../../../serve-download";
import { AuditSearch, filterOf } from "../search";

/** The entries that match the page's filters, as lines of JSON. The export is an entry itself. */
export const GET = (request: Request): Promise<Response> =>
  serveDownload(
    { permission: "auditLog:view", page: "/dashboard/settings/audit-log" },
    async (member) => {
      const search = AuditSearch.parse(Object.fromEntries(new URL(request.url).searchParams));
      await auditedByPerson(member, "audit_log.exported", async () => undefined);
      return download({
        pieces: lines(
          eachAuditEntry(filterOf({ accountId: member.account._id, role: member.role }, search)),
        ),
        type: "application/x-ndjson",
        name: "onekey-audit-log.jsonl",
      });
    },
  );

async function* lines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const { _id: id, accountId: _owner, ...entry } of entries)
    yield `${JSON.stringify({ id, ...entry })}\n`;
}
