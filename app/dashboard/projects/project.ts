import { notFound } from "next/navigation";
import type { Account, Project } from "@/lib/accounts/schema";
import { monthOf } from "@/lib/accounts/windows";
import { requireMember } from "@/lib/auth/member";
import { formatCount } from "@/lib/format";
import { listKeys, type KeyState } from "@/lib/keys/queries";
import { keyFigures } from "@/lib/usage/activity";

const HOUR_MS = 3_600_000;

export type OwnProject = { account: Account; project: Project; now: number };

/** A project of the signed-in account. Another account's project is the same 404 as a missing one. */
export async function ownProject(id: string, path: string): Promise<OwnProject> {
  const { account } = await requireMember("projects:view", path);
  const project = account.projects.find((item) => item.id === id);
  if (!project) notFound();
  return { account, project, now: Date.now() };
}

/** A key of a project of the signed-in account. A key elsewhere is the same 404 as a missing one. */
export async function ownKey(
  { id, keyId }: { id: string; keyId: string },
  path: string,
): Promise<OwnProject & { state: KeyState }> {
  const ownRows = await ownProject(id, path);
  const states = await listKeys({ account: ownRows.account, projectId: id, now: ownRows.now });
  const state = states.find(({ key }) => key._id === keyId);
  if (!state) notFound();
  return { ...ownRows, state };
}

/** The signed-in account's projects, each with its working keys and the last day that one was used. */
export async function ownProjects(path: string) {
  const { account } = await requireMember("projects:view", path);
  const now = Date.now();
  const states = await listKeys({ account, now });
  const projects = account.projects.map((project) => {
    const ownRows = states.filter(({ key }) => key.projectId === project.id);
    const days = ownRows.flatMap(({ key }) => key.lastUsedDay ?? []).toSorted();
    return {
      project,
      keys: ownRows.flatMap(({ live }) => live.at(-1) ?? []),
      lastUsedDay: days.at(-1) ?? null,
    };
  });
  return { projects, now };
}

/** A key as its project's page shows it. */
export type KeyRow = KeyState & {
  /** Nano-credits charged this month. */
  monthCost: number;
  /** Requests of the last hour. */
  lastHour: number;
};

/** The keys of a project with their use, the newest first. */
export async function projectKeys({ account, project, now }: OwnProject): Promise<KeyRow[]> {
  const projectId = project.id;
  const [states, month, hour] = await Promise.all([
    listKeys({ account, projectId, now }),
    keyFigures({ projectId, from: new Date(monthOf(now)) }),
    keyFigures({ projectId, from: new Date(now - HOUR_MS) }),
  ]);
  return states.map((state) => ({
    ...state,
    monthCost: month.get(state.key._id)?.cost ?? 0,
    lastHour: hour.get(state.key._id)?.requests ?? 0,
  }));
}

/** "214 requests", "1 request", "No requests". */
export const requestsText = (count: number): string =>
  `${count === 0 ? "No" : formatCount(count)} ${count === 1 ? "request" : "requests"}`;
