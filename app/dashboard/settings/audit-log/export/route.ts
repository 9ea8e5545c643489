import { requireAccount } from "@/lib/auth/session";
import { eachAuditEntry } from "@/lib/audit-log/queries";
import type { AuditEntry } from "@/lib/audit-log/schema";
import { download } from "@/lib/http/download";
import { auditedByPerson } from "../../../audited";
import { AuditSearch, filterOf } from "../search";

/** The entries that match the page's filters, as lines of JSON. The export is an entry itself. */
export async function GET(request: Request): Promise<Response> {
  const account = await requireAccount("/dashboard/settings/audit-log");
  const search = AuditSearch.parse(Object.fromEntries(new URL(request.url).searchParams));
  await auditedByPerson(account, "audit_log.exported", async () => undefined);
  return download({
    pieces: lines(eachAuditEntry(filterOf(account._id, search))),
    type: "application/x-ndjson",
    name: "onekey-audit-log.jsonl",
  });
}

async function* lines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const { _id: id, accountId: _owner, ...entry } of entries)
    yield `${JSON.stringify({ id, ...entry })}\n`;
}
