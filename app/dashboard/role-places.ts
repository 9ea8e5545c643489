import { isAllowed, type Permission } from "@/lib/teams/permissions";
import type { Role } from "@/lib/teams/schema";

/** What each place of the dashboard asks of a role, as its page does. */
const PLACES: Record<string, Permission> = {
  "/dashboard": "usage:view",
  "/dashboard/projects": "projects:view",
  "/dashboard/usage": "usage:view",
  "/dashboard/credits": "credits:view",
  "/dashboard/models": "usage:view",
  "/dashboard/playground": "playground:manage",
  "/dashboard/assistant": "usage:view",
  "/dashboard/settings": "account:view",
  "/dashboard/settings/team": "members:view",
  "/dashboard/settings/limits": "limits:view",
  "/dashboard/settings/webhooks": "integrations:view",
  "/dashboard/settings/management-keys": "integrations:view",
  "/dashboard/settings/audit-log": "auditLog:view",
};

/** The places of the dashboard that a role may open. */
export const placesOf = (role: Role): string[] =>
  Object.entries(PLACES).flatMap(([href, permission]) =>
    isAllowed(role, permission) ? [href] : [],
  );
