import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ACCOUNT_HEADER } from "@/lib/account-path";
import { useOwnDatabase } from "@/lib/db/own-database";
import { AppError } from "@/lib/errors";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createSession } from "@/lib/sessions/create";
import { endAllSessions } from "@/lib/sessions/end";
import { teams } from "@/lib/teams/collection";
import { removeMember, setRole } from "@/lib/teams/members";
import { PERMISSIONS, type Area, type Permission } from "@/lib/teams/permissions";
import { Role } from "@/lib/teams/schema";
import { sessionCookieName } from "./cookie-name";
import { deleteAccount } from "./delete-account";
import { authorizeMember, dashboardPath, requestMember, requireMember } from "./member";
import { createTeam } from "./teams";
import { findOrCreateUser } from "./users";

/** What the request of the test brings: the cookie of a session, and the team that its URL names. */
const request = { token: "", teamId: null as string | null };

// Next's own: a page's request exists only while Next serves one.
vi.mock("next/headers", () => ({
  cookies: async () => ({ get: () => ({ value: request.token }) }),
  headers: async () =>
    new Headers(request.teamId === null ? {} : { [ACCOUNT_HEADER]: request.teamId }),
}));
vi.mock("next/navigation", () => ({
  notFound: () => {
    throw new Error("404");
  },
  redirect: (path: string) => {
    throw new Error(`redirect ${path}`);
  },
}));

useOwnDatabase(ensureIndexes);

const people = new Map<Role, { userId: string; token: string }>();
let teamId = "";
let otherTeamId = "";

async function personWithSession() {
  const { _id: userId } = await findOrCreateUser({ email: `${randomUUID()}@example.com` });
  const { token } = await createSession({ userId, method: "email", userAgent: "" });
  return { userId, token };
}

beforeAll(async () => {
  for (const role of Role.options) people.set(role, await personWithSession());
  const owner = people.get("owner");
  const user = await findOrCreateUser({ email: "second.owner@example.com" });
  const team = await createTeam({ user, name: "Fieldnote" });
  teamId = team._id;
  otherTeamId = (await createTeam({ user, name: "Another" }))._id;
  const members = [...people].map(([role, { userId }]) => ({
    userId,
    role,
    joinedAt: new Date(),
    invitedBy: null,
  }));
  await teams.updateOne({ _id: teamId }, { $push: { members: { $each: members } } });
  expect(sessionCookieName()).toContain("session-token");
  expect(owner).toBeDefined();
});

beforeEach(() => {
  request.token = "";
  request.teamId = null;
});

const permissions = (Object.keys(PERMISSIONS) as Area[]).flatMap((area): Permission[] => [
  `${area}:view`,
  `${area}:manage`,
]);

/** What the design grants, written out once more: a change of the table has to be made here too. */
const GRANTED: Record<Role, string> = {
  owner:
    "projects:manage playground:manage usage:view credits:manage limits:manage members:manage integrations:manage auditLog:view account:manage ownership:manage",
  admin:
    "projects:manage playground:manage usage:view credits:manage limits:manage members:manage integrations:manage auditLog:view account:manage",
  developer:
    "projects:manage playground:manage usage:view limits:view members:view integrations:view auditLog:view account:view",
  billing: "projects:view usage:view credits:manage limits:manage members:view account:view",
  viewer: "projects:view usage:view limits:view members:view account:view",
};

const isGranted = (role: Role, permission: Permission) => {
  const granted = GRANTED[role].split(" ");
  return granted.includes(permission) || granted.includes(permission.replace("view", "manage"));
};

const apiRequest = (account: string | null) =>
  new Request(`https://onekey.example/api/x${account === null ? "" : `?account=${account}`}`);

/** How each of the three ways answers: the role, or what is refused. */
async function outcomesFor(permission: Permission) {
  const attempts = await Promise.allSettled([
    requireMember(permission, "/dashboard/usage"),
    authorizeMember(permission, "/dashboard/usage"),
    requestMember(apiRequest(request.teamId), permission),
  ]);
  return attempts.map((attempt) => {
    if (attempt.status === "fulfilled") return attempt.value.role;
    const error: unknown = attempt.reason;
    return error instanceof AppError ? error.code : (error as Error).message;
  });
}

test.each(Role.options)(
  "in a team the role %s may do what the table grants, and no more",
  async (role) => {
    request.token = people.get(role)?.token ?? "";
    for (const permission of permissions) {
      request.teamId = teamId;
      expect(await outcomesFor(permission), permission).toEqual(
        isGranted(role, permission) ? [role, role, role] : ["404", "forbidden", "forbidden"],
      );
    }
  },
);

test.each(Role.options)("another account's pages are a 404 for the role %s", async (role) => {
  request.token = people.get(role)?.token ?? "";
  const stranger = await personWithSession();
  for (const id of [otherTeamId, "acc_0000000000000000000000", stranger.userId, "", "usr_x"])
    for (const permission of ["usage:view", "ownership:manage"] as const) {
      request.teamId = id;
      expect(await outcomesFor(permission), id).toEqual(["404", "404", "not_found"]);
    }
});

test("in a personal account its user may do everything that an owner may", async () => {
  const { userId, token } = await personWithSession();
  request.token = token;
  for (const permission of permissions.filter((name) => isGranted("owner", name)))
    expect(await outcomesFor(permission)).toEqual(["owner", "owner", "owner"]);
  // A personal account has no other address than the plain one.
  request.teamId = userId;
  expect(await outcomesFor("usage:view")).toEqual(["404", "404", "not_found"]);
});

test("a signed-out visitor is sent to sign in and then back to the account", async () => {
  request.teamId = teamId;
  const next = encodeURIComponent(`/dashboard/${teamId}/usage`);
  const signIn = `redirect /sign-in?next=${next}`;
  expect(await outcomesFor("usage:view")).toEqual([signIn, signIn, "invalid_key"]);
  expect(await dashboardPath("/dashboard/usage")).toBe(`/dashboard/${teamId}/usage`);
});

test("a demotion, removal or sign-out applies from the member's next request", async () => {
  const { userId, token } = await personWithSession();
  await teams.updateOne(
    { _id: teamId },
    { $push: { members: { userId, role: "admin", joinedAt: new Date(), invitedBy: null } } },
  );
  Object.assign(request, { token, teamId });
  const by = { userId: people.get("owner")?.userId ?? "" };
  expect(await outcomesFor("projects:manage")).toEqual(["admin", "admin", "admin"]);
  await setRole({ accountId: teamId, userId, role: "viewer", by });
  expect(await outcomesFor("projects:manage")).toEqual(["404", "forbidden", "forbidden"]);
  await removeMember({ accountId: teamId, userId, by });
  expect(await outcomesFor("usage:view")).toEqual(["404", "404", "not_found"]);
  request.teamId = null;
  expect(await outcomesFor("usage:view")).toEqual(["owner", "owner", "owner"]);
  await endAllSessions(userId);
  expect((await outcomesFor("usage:view"))[0]).toMatch(/^redirect/);
});

test("a deleted team is a 404 for its former members", async () => {
  const user = await findOrCreateUser({ email: "short.lived@example.com" });
  const { token } = await createSession({ userId: user._id, method: "email", userAgent: "" });
  const { _id } = await createTeam({ user, name: "Short-lived" });
  Object.assign(request, { token, teamId: _id });
  expect(await outcomesFor("usage:view")).toEqual(["owner", "owner", "owner"]);
  await deleteAccount(_id);
  expect(await outcomesFor("usage:view")).toEqual(["404", "404", "not_found"]);
});
