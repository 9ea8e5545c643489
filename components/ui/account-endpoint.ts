import { splitAccountPath } from "@/lib/account-path";

/** An endpoint of the dashboard's pages for the account of the browser's address, which a team's takes as a parameter. */
export function accountEndpoint(path: string): string {
  const teamId = splitAccountPath(window.location.pathname)?.teamId;
  return teamId === undefined ? path : `${path}${path.includes("?") ? "&" : "?"}account=${teamId}`;
}
