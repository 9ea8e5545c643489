/** The request header by which proxy.ts hands on the team that a dashboard URL names. A client's own is removed. */
export const ACCOUNT_HEADER = "x-onekey-account";

const TEAM_PATH = /^\/dashboard\/(acc_[0-9A-Za-z]{22})(\/.*)?$/;

/** The team that a path of the dashboard names, and the path of the same page in a personal account; null for others. */
export function splitAccountPath(pathname: string): { teamId: string; path: string } | null {
  const match = TEAM_PATH.exec(pathname);
  return match?.[1] === undefined
    ? null
    : { teamId: match[1], path: `/dashboard${match[2] ?? ""}` };
}

/** A path of the dashboard in an account: `/dashboard/usage` is `/dashboard/acc_…/usage` in a team. Others stay as they are. */
export function accountPath(teamId: string | null, path: string): string {
  if (teamId === null || !/^\/dashboard(?=[/?#]|$)/.test(path)) return path;
  return splitAccountPath(path.replace(/[?#].*$/s, "")) === null
    ? `/dashboard/${teamId}${path.slice("/dashboard".length)}`
    : path;
}
