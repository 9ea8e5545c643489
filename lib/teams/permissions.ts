import type { Role } from "./schema";

/** How far a role reaches in an area: `manage` includes `view`. */
type Reach = "manage" | "view" | "none";

/** The one table of what each role may do in an account. Pages, actions and the dashboard's endpoints ask it. */
export const PERMISSIONS = {
  /** Projects, keys and their limits. */
  projects: reach("manage", "manage", "manage", "view", "view"),
  /** Sending requests from a page, which are charged. */
  playground: reach("manage", "manage", "manage", "none", "none"),
  /** Overview, usage, its exports, the assistant. */
  usage: reach("view", "view", "view", "view", "view"),
  /** Credits, purchases, receipts, cards, wallets, automatic top-up. */
  credits: reach("manage", "manage", "none", "manage", "none"),
  /** Limits and alerts of the account. */
  limits: reach("manage", "manage", "view", "manage", "view"),
  members: reach("manage", "manage", "view", "view", "view"),
  /** Management keys and webhooks. */
  integrations: reach("manage", "manage", "view", "none", "none"),
  auditLog: reach("view", "view", "view", "none", "none"),
  /** The account's name, and the export of all its data. */
  account: reach("manage", "manage", "view", "view", "view"),
  /** Transferring ownership and deleting the account. */
  ownership: reach("manage", "none", "none", "none", "none"),
} as const satisfies Record<string, Record<Role, Reach>>;

export type Area = keyof typeof PERMISSIONS;
export type Permission = `${Area}:${"view" | "manage"}`;

export function isAllowed(role: Role, permission: Permission): boolean {
  const [area, verb] = permission.split(":") as [Area, "view" | "manage"];
  const granted: Reach = PERMISSIONS[area][role];
  return granted === "manage" || granted === verb;
}

/** Roles from the one that may most to the one that may least, as the table's columns. */
function reach<O extends Reach, A extends Reach, D extends Reach, B extends Reach, V extends Reach>(
  owner: O,
  admin: A,
  developer: D,
  billing: B,
  viewer: V,
) {
  return { owner, admin, developer, billing, viewer };
}
