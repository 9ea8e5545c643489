import { AuditType } from "@/lib/audit-log/schema";
import { isAllowed } from "@/lib/teams/permissions";
import type { Role } from "@/lib/teams/schema";

/** What entries about money are about. */
const MONEY_SUBJECTS = ["credits", "top_up", "ledger"];

/** The types that a role does not see, on the page, in exports and through the management API: money, for one that sees no credits. */
export const hiddenAuditTypes = (role: Role): AuditType[] =>
  isAllowed(role, "credits:view")
    ? []
    : AuditType.options.filter((type) => MONEY_SUBJECTS.includes(type.split(".")[0] ?? ""));
