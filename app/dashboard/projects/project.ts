import { notFound } from "next/navigation";
import type { Account, Project } from "@/lib/accounts/schema";
import { requireAccount } from "@/lib/auth/session";
import { formatCount } from "@/lib/format";
import { countUsed, lastUsed } from "@/lib/usage/activity";

const HOUR_MS = 3_600_000;

export type OwnProject = { account: Account; project: Project; now: number };

/** A project of the signed-in account. Another account's project is the same 404 as a missing one. */
export async function ownProject(id: string, path: string): Promise<OwnProject> {
  const account = await requireAccount(path);
  const project = account.projects.find((item) => item.id === id);
  if (!project) notFound();
  return { account, project, now: Date.now() };
}

/** The signed-in account's projects, each with the last use of its key. */
export async function ownProjects(path: string) {
  const account = await requireAccount(path);
  const projects = await Promise.all(
    account.projects.map(async (project) => ({ project, last: (await keyUse(project)).last })),
  );
  return { projects, now: Date.now() };
}

/** The use of a project's key, counted from the usage rows since the key was created. */
export async function keyUse({ id, key }: Project, now = new Date()) {
  const noUse = { last: null, lastHour: 0, before: 0 };
  if (!key) return noUse;
  const hourAgo = new Date(now.getTime() - HOUR_MS);
  const [last, lastHour, before] = await Promise.all([
    lastUsed({ projectId: id, since: key.createdAt }),
    countUsed({ projectId: id, from: key.createdAt > hourAgo ? key.createdAt : hourAgo, to: now }),
    key.replaced === undefined
      ? 0
      : countUsed({
          projectId: id,
          from: new Date(key.createdAt.getTime() - HOUR_MS),
          to: key.createdAt,
        }),
  ]);
  return { last, lastHour, before };
}

/** "214 requests", "1 request", "No requests". */
export const requestsText = (count: number): string =>
  `${count === 0 ? "No" : formatCount(count)} ${count === 1 ? "request" : "requests"}`;
