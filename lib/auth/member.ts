import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { findById } from "@/lib/accounts/queries";
import { isTeam, type Account } from "@/lib/accounts/schema";
import { now } from "@/lib/clock";
import { ACCOUNT_HEADER, accountPath } from "@/lib/account-path";
import { AppError } from "@/lib/errors";
import { isAllowed, type Permission } from "@/lib/teams/permissions";
import { findRole } from "@/lib/teams/queries";
import type { Role } from "@/lib/teams/schema";
import type { User } from "@/lib/users/schema";
import { currentUser, requireUser } from "./session";

/** A person in one of their accounts, as it is at this request. */
export type AccountMember = { account: Account; user: User; role: Role };

/** The id of the team that the page's URL names; null in a personal account. It says nothing about who may see it. */
export async function urlTeamId(): Promise<string | null> {
  return (await headers()).get(ACCOUNT_HEADER);
}

/** A path of the dashboard, such as `/dashboard/usage`, in the account of the page's URL. */
export async function dashboardPath(path: string): Promise<string> {
  return accountPath(await urlTeamId(), path);
}

/** The person in an account, which is theirs when `teamId` is null; null for who is no member, or is one no longer. */
export async function findMember({
  user,
  teamId,
}: {
  user: User;
  teamId: string | null;
}): Promise<AccountMember | null> {
  const isOwn = teamId === null;
  const [account, role] = await Promise.all([
    findById(teamId ?? user._id),
    isOwn
      ? ("owner" as const)
      : findRole({ accountId: teamId, userId: user._id, now: new Date(now()) }),
  ]);
  if (!account || account.erasedAt !== undefined || role === null) return null;
  return isTeam(account) === isOwn ? null : { account, user, role };
}

/** The signed-in person in the account of the page's URL, read again for each request; null when signed out. */
const memberOfUrl = cache(async (): Promise<AccountMember | null> => {
  const user = await currentUser();
  return user && findMember({ user, teamId: await urlTeamId() });
});

/**
 * The signed-in person in the account of the page's URL, for pages: a visitor is sent to sign in and comes back to `next`. An account
 * that is not theirs, and a page that their role may not open, is the same 404 as a missing one.
 */
export async function requireMember(
  permission: Permission,
  next = "/dashboard",
): Promise<AccountMember> {
  await requireUser(await dashboardPath(next));
  const member = await memberOfUrl();
  if (!member || !isAllowed(member.role, permission)) notFound();
  return member;
}

/**
 * The same for server actions and downloads: a role that may not is an AppError, which a form shows.
 */
export async function authorizeMember(
  permission: Permission,
  next = "/dashboard",
): Promise<AccountMember> {
  await requireUser(await dashboardPath(next));
  const member = await memberOfUrl();
  if (!member) notFound();
  requirePermission(member, permission);
  return member;
}

/**
 * The same for the endpoints of the dashboard's pages, which name the team as `?account=`. Throws invalid_key when signed out,
 * not_found, and forbidden for a role that may not.
 */
export async function requestMember(
  request: Request,
  permission: Permission,
): Promise<AccountMember> {
  const user = await currentUser();
  if (!user) throw new AppError("invalid_key", "You are signed out. Sign in again.");
  const teamId = new URL(request.url).searchParams.get("account");
  const member = await findMember({ user, teamId });
  if (!member) throw new AppError("not_found", "There is no such account.");
  requirePermission(member, permission);
  return member;
}

/** Throws forbidden where the member's role does not have the permission. */
export function requirePermission({ role, account }: AccountMember, permission: Permission): void {
  if (isAllowed(role, permission)) return;
  throw new AppError(
    "forbidden",
    `Your role in ${account.name} (${role}) does not allow this. Ask an owner or admin. Nothing was changed.`,
  );
}
