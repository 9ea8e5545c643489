import { authorizeMember, type AccountMember } from "@/lib/auth/member";
import type { Permission } from "@/lib/teams/permissions";

/** Who may submit a form: the signed-in members of the page's account whose role has the permission. */
export const may =
  (permission: Permission, page?: string): (() => Promise<AccountMember>) =>
  () =>
    authorizeMember(permission, page);
