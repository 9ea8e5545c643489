"use client";

import { createContext, use, type ReactNode } from "react";
import { accountPath } from "@/lib/account-path";

/** The team that the page is about; null in a personal account and outside the dashboard. */
const TeamId = createContext<string | null>(null);

export function AccountProvider({
  teamId,
  children,
}: {
  teamId: string | null;
  children: ReactNode;
}) {
  return <TeamId value={teamId}>{children}</TeamId>;
}

/** Turns a path of the dashboard into that of the same place in the page's account. */
export function useDashboardPath(): (path: string) => string {
  const teamId = use(TeamId);
  return (path) => accountPath(teamId, path);
}
