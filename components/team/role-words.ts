import type { Role } from "@/lib/teams/schema";

/** A role as its select and the tables show it. */
export const ROLE_NAMES: Record<Role, string> = {
  owner: "Owner",
  admin: "Admin",
  developer: "Developer",
  billing: "Billing",
  viewer: "Viewer",
};

/** What a role is for, in a few words. */
export const ROLE_TEXTS: Record<Role, string> = {
  owner: "Everything, also ownership and deletion",
  admin: "Everything but ownership",
  developer: "Projects, keys, their limits, usage",
  billing: "Credits, receipts, account limits, usage",
  viewer: "Reads projects, limits and usage",
};
