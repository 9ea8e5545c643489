import { heldTotal } from "@/lib/accounts/schema";
import { hiddenAuditTypes } from "@/lib/auth/hidden-audit-types";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { AppError } from "@/lib/errors";
import { listEntriesBefore } from "@/lib/ledger/queries";
import { formatCredits } from "@/lib/money";
import { listCells } from "@/lib/usage/figures";
import { lastDays } from "@/lib/usage/period";
import { rowView, tokensView } from "@/lib/usage/queries";
import { listPage } from "@/lib/usage/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { MANAGEMENT_ROLE } from "./authorize";
import { cursorOf, cursorText, pageOf } from "./input";
import type { ManagementOperation } from "./operation";
import { auditView, creditsView, ledgerView } from "./views";

/** The last so many UTC days that a query asks for, 30 without one. */
function daysOf(query: URLSearchParams): { from: Date; to: Date } {
  const days = Number(query.get("days") ?? 30);
  if (!Number.isInteger(days) || days < 1 || days > RETENTION_DAYS)
    throw new AppError("bad_request", `days is a whole number from 1 to ${RETENTION_DAYS}.`, {
      param: "days",
    });
  return lastDays(days);
}

export const readOperations: ManagementOperation[] = [
  {
    method: "GET",
    path: "/credits",
    scope: "read",
    run: async ({ caller: { account } }) => ({
      status: 200,
      body: creditsView(account, heldTotal(account.holds)),
    }),
  },
  {
    method: "GET",
    path: "/ledger",
    scope: "read",
    run: async ({ caller: { account }, query }) => {
      const { limit, after } = pageOf(query);
      if (after !== null && !/^\d{1,15}$/.test(after))
        throw new AppError("bad_request", "That is not a cursor.", { param: "after" });
      const entries = await listEntriesBefore({
        accountId: account._id,
        before: after === null ? undefined : Number(after),
        limit: limit + 1,
      });
      const page = entries.slice(0, limit);
      const next = entries.length > limit ? String(page.at(-1)?.seq) : null;
      return { status: 200, body: { data: page.map(ledgerView), next } };
    },
  },
  {
    method: "GET",
    path: "/usage/summary",
    scope: "read",
    run: async ({ caller: { account }, query }) => {
      const cells = await listCells({ accountId: account._id, ...daysOf(query) });
      const data = cells.map((cell) => ({
        day: cell.day.toISOString().slice(0, 10),
        project: cell.projectId,
        model: cell.model,
        ended_by: cell.endedBy,
        requests: cell.requests,
        cost: formatCredits(cell.cost),
        cost_nano: cell.cost,
        tokens: tokensView(cell.tokens),
      }));
      return { status: 200, body: { data } };
    },
  },
  {
    method: "GET",
    path: "/usage",
    scope: "read",
    run: async ({ caller: { account }, query }) => {
      const { limit, after } = pageOf(query);
      const cursor = cursorOf(after);
      const projectId = query.get("project") ?? undefined;
      const { rows, hasOlder } = await listPage({
        filter: { accountId: account._id, ...daysOf(query), projectId },
        limit,
        before: cursor && { at: cursor.at, id: cursor._id },
      });
      const last = rows.at(-1);
      return {
        status: 200,
        body: { data: rows.map(rowView), next: hasOlder && last ? cursorText(last) : null },
      };
    },
  },
  {
    method: "GET",
    path: "/audit-log",
    scope: "read",
    run: async ({ caller: { account }, query }) => {
      const { limit, after } = pageOf(query);
      const entries = await listAuditEntries({
        accountId: account._id,
        hiddenTypes: hiddenAuditTypes(MANAGEMENT_ROLE),
        before: cursorOf(after),
        limit: limit + 1,
      });
      const page = entries.slice(0, limit);
      const last = page.at(-1);
      const next = entries.length > limit && last ? cursorText(last) : null;
      return { status: 200, body: { data: page.map(auditView), next } };
    },
  },
];
