import { notFound } from "next/navigation";
import { limitUses } from "@/lib/accounts/open-caps";
import { isTeam, type Account, type Project } from "@/lib/accounts/schema";
import { monthOf } from "@/lib/accounts/windows";
import { requireMember } from "@/lib/auth/member";
import { formatCents, formatCount } from "@/lib/format";
import { listKeys, type KeyState } from "@/lib/keys/queries";
import type { Creator } from "@/lib/keys/schema";
import { NANO_PER_CREDIT } from "@/lib/money";
import { isAllowed } from "@/lib/teams/permissions";
import { findTeam } from "@/lib/teams/queries";
import type { Team } from "@/lib/teams/schema";
import { keyFigures } from "@/lib/usage/activity";

const HOUR_MS = 3_600_000;

export type OwnProject = {
  account: Account;
  project: Project;
  /** Whether the role may change projects, keys and their limits. */
  canManage: boolean;
  now: number;
};

/** A project of the signed-in account. Another account's project is the same 404 as a missing one. */
export async function ownProject(
  id: string,
  path: string,
  permission: "projects:view" | "projects:manage" = "projects:view",
): Promise<OwnProject> {
  const { account, role } = await requireMember(permission, path);
  const project = account.projects.find((item) => item.id === id);
  if (!project) notFound();
  return { account, project, canManage: isAllowed(role, "projects:manage"), now: Date.now() };
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
  const { account, role } = await requireMember("projects:view", path);
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
  return { projects, canManage: isAllowed(role, "projects:manage"), now };
}

/** A key as its project's page shows it. */
export type KeyRow = KeyState & {
  /** Nano-credits charged this month. */
  monthCost: number;
  /** Requests of the last hour. */
  lastHour: number;
  /** What is left of the only limit of credits: "$15.90 left"; undefined without one, or with several. */
  creditsLeft: string | undefined;
  /** Whether the person who created it has left the team. */
  hasCreatorLeft: boolean;
  /** Whether a limit of credits has too little left for any request. */
  isLimitReached: boolean;
};

/** Less than this share of a limit, and than a cent, is too little for a request. */
const REACHED_SHARE = 0.01;

async function creditsOf(account: Account, { key }: KeyState, now: number) {
  const { _id: scope, name, limits } = key;
  if (limits === undefined) return { creditsLeft: undefined, isLimitReached: false };
  const uses = await limitUses({ account, scope: { scope, kind: "key", name, limits }, now });
  const credits = uses
    .filter(({ window }) => window !== "requests" && window !== "tokens")
    .map(({ limit, used: usage }) => ({ limit, remaining: Math.max(0, limit - usage) }));
  const [firstLimit] = credits;
  return {
    creditsLeft:
      firstLimit && credits.length === 1 ? `${formatCents(firstLimit.remaining)} left` : undefined,
    isLimitReached: credits.some(
      ({ limit, remaining }) =>
        remaining < NANO_PER_CREDIT / 100 && remaining <= limit * REACHED_SHARE,
    ),
  };
}

/** The keys of a project with their use, the newest first. */
export async function projectKeys({
  account,
  project,
  now,
}: Omit<OwnProject, "canManage">): Promise<KeyRow[]> {
  const projectId = project.id;
  const [states, team, month, hour] = await Promise.all([
    listKeys({ account, projectId, now }),
    isTeam(account) ? findTeam(account._id) : null,
    keyFigures({ projectId, from: new Date(monthOf(now)) }),
    keyFigures({ projectId, from: new Date(now - HOUR_MS) }),
  ]);
  return Promise.all(
    states.map(async (state) => ({
      ...state,
      ...(await creditsOf(account, state, now)),
      hasCreatorLeft: hasLeft(team, state.key.creator),
      monthCost: month.get(state.key._id)?.cost ?? 0,
      lastHour: hour.get(state.key._id)?.requests ?? 0,
    })),
  );
}

/** Whether a person who created something is no member of the team any more. */
export const hasLeft = (team: Team | null, creator: Creator | undefined): boolean =>
  team !== null &&
  creator?.kind === "person" &&
  !team.members.some(({ userId }) => userId === creator.id);

/** "214 requests", "1 request", "No requests". */
export const requestsText = (count: number): string =>
  `${count === 0 ? "No" : formatCount(count)} ${count === 1 ? "request" : "requests"}`;
