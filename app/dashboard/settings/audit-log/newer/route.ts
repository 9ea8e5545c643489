import { countAuditEntries } from "@/lib/audit-log/queries";
import { serveDownload } from "../../../serve-download";
import { AuditSearch, filterOf } from "../search";

/** How many entries that the page's filters match are newer than the one that `after` names. Nothing else of them. */
export const GET = (request: Request): Promise<Response> =>
  serveDownload(
    { permission: "auditLog:view", page: "/dashboard/settings/audit-log" },
    async ({ account, role }) => {
      const search = AuditSearch.parse(Object.fromEntries(new URL(request.url).searchParams));
      const filter = filterOf({ accountId: account._id, role }, search);
      const count = await countAuditEntries({
        ...filter,
        ...(search.after ? { newerThan: search.after } : {}),
      });
      return Response.json({ count }, { headers: { "cache-control": "no-store" } });
    },
  );
