import { beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes, teams } from "./collection";
import { createTeamRecord } from "./create";
import {
  acceptInvitation,
  addInvitations,
  declineInvitation,
  renewInvitation,
  revokeInvitation,
} from "./invitations";
import { leaveTeam, removeMember, setRole, transferOwnership, type TeamActor } from "./members";
import { findInvitation, findRole, findTeam, listTeamsOf } from "./queries";
import { PENDING_MAX, type InvitedRole, type Member, type Role } from "./schema";

useOwnDatabase(ensureIndexes);

const now = new Date();
const by = (userId: string): TeamActor => ({ userId });
const invitedBy = { kind: "person", id: "usr_owner", name: "Mira" } as const;
let accountId = "";
let count = 0;

beforeEach(async () => {
  accountId = `acc_${++count}`;
  await createTeamRecord({ accountId, userId: "usr_owner", now });
});

/** Puts members of these roles into the team; each has its role in its id. */
async function addMembers(...roles: Role[]): Promise<void> {
  const members: Member[] = roles.map((role, i) => ({
    userId: `usr_${role}${i === roles.indexOf(role) ? "" : i}`,
    role,
    joinedAt: now,
    invitedBy,
  }));
  await teams.updateOne({ _id: accountId }, { $push: { members: { $each: members } } });
}

const rolesOf = async () =>
  Object.fromEntries(
    ((await findTeam(accountId))?.members ?? []).map(({ userId, role }) => [userId, role]),
  );

const invite = (email: string, role: InvitedRole = "developer", actor = by("usr_owner")) =>
  addInvitations({
    accountId,
    emails: [email],
    role,
    by: actor,
    invitedBy,
    now,
    memberEmails: new Set(["mira@example.com"]),
  }).then(([issued]) => {
    if (!issued) throw new Error("no invitation");
    return issued;
  });

const sam = { _id: "usr_sam", email: "sam@example.com" };

test("of two owners who leave at the same moment, one stays", async () => {
  await addMembers("viewer");
  await teams.updateOne(
    { _id: accountId },
    { $push: { members: { userId: "usr_second", role: "owner", joinedAt: now, invitedBy } } },
  );
  const outcomes = await Promise.allSettled(
    ["usr_owner", "usr_second"].map((userId) => leaveTeam({ accountId, userId })),
  );
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(Object.values(await rolesOf()).toSorted()).toEqual(["owner", "viewer"]);
});

test("of two owners who demote each other at the same moment, one stays an owner", async () => {
  for (let round = 0; round < 5; round++) {
    accountId = `acc_${++count}`;
    await createTeamRecord({ accountId, userId: "usr_owner", now });
    await addMembers("admin");
    await setRole({ accountId, userId: "usr_admin", role: "owner", by: by("usr_owner") });
    const outcomes = await Promise.allSettled([
      setRole({ accountId, userId: "usr_admin", role: "viewer", by: by("usr_owner") }),
      setRole({ accountId, userId: "usr_owner", role: "viewer", by: by("usr_admin") }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(Object.values(await rolesOf()).toSorted()).toEqual(["owner", "viewer"]);
  }
});

test.each([
  ["an owner", "usr_owner", { viewer: true, admin: true, owner2: true }],
  ["an admin", "usr_admin", { viewer: true, admin: true, owner2: false }],
  ["a developer", "usr_developer", { viewer: false, admin: false, owner2: false }],
  ["a billing member", "usr_billing", { viewer: false, admin: false, owner2: false }],
  ["a viewer", "usr_viewer2", { viewer: false, admin: false, owner2: false }],
  ["a stranger", "usr_stranger", { viewer: false, admin: false, owner2: false }],
])("%s changes and removes only whom the role allows", async (_name, actor, allowed) => {
  for (const [target, isAllowed] of Object.entries(allowed)) {
    accountId = `acc_${++count}`;
    await createTeamRecord({ accountId, userId: "usr_owner", now });
    await addMembers("admin", "developer", "billing", "viewer");
    const extra = [
      { userId: "usr_owner2", role: "owner" as const },
      { userId: "usr_viewer2", role: "viewer" as const },
      { userId: "usr_admin2", role: "admin" as const },
    ];
    await teams.updateOne(
      { _id: accountId },
      {
        $push: { members: { $each: extra.map((item) => ({ ...item, joinedAt: now, invitedBy })) } },
      },
    );
    const userId = target === "admin" ? "usr_admin2" : `usr_${target}`;
    const before = await rolesOf();
    const change = { accountId, userId, by: by(actor) };
    if (isAllowed) {
      await setRole({ ...change, role: "developer" });
      expect((await rolesOf())[userId]).toBe("developer");
      await removeMember(change);
      expect(await rolesOf()).not.toHaveProperty(userId);
    } else {
      const code = actor === "usr_stranger" ? "not_found" : "forbidden";
      await expect(setRole({ ...change, role: "developer" })).rejects.toMatchObject({ code });
      await expect(removeMember(change)).rejects.toMatchObject({ code });
      expect(await rolesOf()).toEqual(before);
    }
  }
});

test.each(["developer", "billing", "viewer"] as const)("a %s invites nobody", async (role) => {
  await addMembers("admin", role);
  const { invitation } = await invite("sam@example.com", "viewer", by("usr_admin"));
  const actor = by(`usr_${role}`);
  const target = { accountId, invitationId: invitation.id, by: actor, now };
  const before = await findTeam(accountId);
  for (const attempt of [
    invite("x@example.com", "viewer", actor),
    invite("x@example.com", "viewer", by("usr_stranger")),
    renewInvitation(target),
    revokeInvitation(target),
  ])
    await expect(attempt).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not_found/),
    });
  expect(await findTeam(accountId)).toEqual(before);
});

test("nobody changes their own role, and only an owner makes an owner", async () => {
  await addMembers("admin", "viewer");
  const admin = by("usr_admin");
  await expect(
    setRole({ accountId, userId: "usr_admin", role: "viewer", by: admin }),
  ).rejects.toMatchObject({ code: "forbidden" });
  for (const actor of [admin, { managementKey: "mgk_1" }])
    await expect(
      setRole({ accountId, userId: "usr_viewer", role: "owner", by: actor }),
    ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    setRole({ accountId, userId: "usr_viewer", role: "billing", formerRole: "admin", by: admin }),
  ).rejects.toMatchObject({ status: 412 });
  expect(await rolesOf()).toEqual({ usr_owner: "owner", usr_admin: "admin", usr_viewer: "viewer" });
});

test("an ownership is transferred in one write, by an owner, to a member", async () => {
  await addMembers("admin", "viewer");
  for (const [from, to, code] of [
    ["usr_admin", "usr_viewer", "forbidden"],
    ["usr_owner", "usr_nobody", "not_found"],
    ["usr_owner", "usr_owner", "bad_request"],
    ["usr_nobody", "usr_viewer", "not_found"],
  ] as const)
    await expect(transferOwnership({ accountId, from, to })).rejects.toMatchObject({ code });
  await transferOwnership({ accountId, from: "usr_owner", to: "usr_viewer" });
  expect(await rolesOf()).toEqual({
    usr_owner: "admin",
    usr_admin: "admin",
    usr_viewer: "owner",
  });
});

test("the last owner neither leaves nor is removed", async () => {
  await addMembers("admin");
  await expect(leaveTeam({ accountId, userId: "usr_owner" })).rejects.toThrow("at least one owner");
  await expect(
    removeMember({ accountId, userId: "usr_owner", by: by("usr_owner") }),
  ).rejects.toThrow("at least one owner");
  expect(await findRole({ accountId, userId: "usr_owner", now })).toBe("owner");
});

test("an invitation makes the invited person a member once, however often it is accepted", async () => {
  const { token, invitation } = await invite("sam@example.com");
  expect(JSON.stringify(await findTeam(accountId))).not.toContain(token);
  const accept = () => acceptInvitation({ token, user: sam, now });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, accept));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const team = await findTeam(accountId);
  expect(team?.members.filter(({ userId }) => userId === sam._id)).toMatchObject([
    { role: "developer", invitedBy },
  ]);
  expect(await findInvitation(invitation.digest)).toMatchObject({
    invitation: { outcome: "accepted" },
  });
  await expect(accept()).rejects.toMatchObject({ reason: "invitation_accepted" });
  // Who was removed does not come back by the same link.
  await removeMember({ accountId, userId: sam._id, by: by("usr_owner") });
  await expect(accept()).rejects.toMatchObject({ reason: "invitation_accepted" });
  expect(await findRole({ accountId, userId: sam._id, now })).toBeNull();
});

test("a forged, foreign, expired, revoked or declined invitation changes nothing", async () => {
  const { token, invitation } = await invite("sam@example.com");
  const before = await findTeam(accountId);
  const accept = (input: Partial<Parameters<typeof acceptInvitation>[0]>) =>
    acceptInvitation({ token, user: sam, now, ...input });
  await expect(accept({ token: "forged" })).rejects.toMatchObject({ code: "not_found" });
  await expect(accept({ token: invitation.digest })).rejects.toMatchObject({ code: "not_found" });
  const other = { _id: "usr_other", email: "other@example.com" };
  for (const attempt of [accept({ user: other }), declineInvitation({ token, user: other, now })])
    await expect(attempt).rejects.toThrow("This invitation is for sam@example.com.");
  const late = new Date(now.getTime() + 7 * 86_400_000);
  await expect(accept({ now: late })).rejects.toMatchObject({ reason: "invitation_expired" });
  expect(await findTeam(accountId)).toEqual(before);

  const revocation = { accountId, invitationId: invitation.id, by: by("usr_owner"), now };
  await revokeInvitation(revocation);
  await expect(accept({})).rejects.toMatchObject({ reason: "invitation_revoked" });
  await expect(revokeInvitation(revocation)).rejects.toMatchObject({ code: "bad_request" });
  const second = await invite("sam@example.com");
  await declineInvitation({ token: second.token, user: sam, now });
  await expect(accept({ token: second.token })).rejects.toMatchObject({
    reason: "invitation_declined",
  });
  expect(Object.keys(await rolesOf())).toEqual(["usr_owner"]);
});

test("of an acceptance and a revocation at the same moment, one wins", async () => {
  for (let round = 0; round < 5; round++) {
    accountId = `acc_${++count}`;
    await createTeamRecord({ accountId, userId: "usr_owner", now });
    const { token, invitation } = await invite("sam@example.com");
    const outcomes = await Promise.allSettled([
      acceptInvitation({ token, user: sam, now }),
      revokeInvitation({ accountId, invitationId: invitation.id, by: by("usr_owner"), now }),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const isMember = (await findRole({ accountId, userId: sam._id, now })) !== null;
    expect(isMember).toBe(outcomes[0].status === "fulfilled");
  }
});

test("an address is invited once at a time, and not who is a member", async () => {
  await expect(invite("mira@example.com")).rejects.toThrow("is a member already");
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, () => invite("sam@example.com")),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await findTeam(accountId))?.invitations).toHaveLength(1);
});

test("an invitation that is sent again has a new link, and the former one stops", async () => {
  const { token, invitation } = await invite("sam@example.com");
  const later = new Date(now.getTime() + 8 * 86_400_000);
  const renewed = await renewInvitation({
    accountId,
    invitationId: invitation.id,
    by: by("usr_owner"),
    now: later,
  });
  expect(renewed.invitation.id).toBe(invitation.id);
  await expect(acceptInvitation({ token, user: sam, now: later })).rejects.toMatchObject({
    code: "not_found",
  });
  await acceptInvitation({ token: renewed.token, user: sam, now: later });
  expect(await rolesOf()).toMatchObject({ usr_sam: "developer" });
});

test("a team has a bounded number of pending invitations", async () => {
  const emails = Array.from({ length: PENDING_MAX }, (_, i) => `p${i}@example.com`);
  const input = { accountId, role: "viewer", by: by("usr_owner"), invitedBy, now } as const;
  await addInvitations({ ...input, emails, memberEmails: new Set() });
  await expect(invite("one.more@example.com")).rejects.toThrow("at most 50 pending");
  // Those that expired do not count, and are forgotten in time.
  const later = new Date(now.getTime() + 40 * 86_400_000);
  await addInvitations({
    ...input,
    emails: ["x@example.com"],
    memberEmails: new Set(),
    now: later,
  });
  expect((await findTeam(accountId))?.invitations).toHaveLength(1);
});

test("a person's teams are listed in the order of joining, each day is marked", async () => {
  const first = accountId;
  accountId = `acc_${++count}`;
  await createTeamRecord({ accountId, userId: "usr_owner", now: new Date(now.getTime() - 1_000) });
  const list = (await listTeamsOf("usr_owner")).map((membership) => membership.accountId);
  expect(list.indexOf(accountId)).toBeLessThan(list.indexOf(first));
  await findRole({ accountId, userId: "usr_owner", now });
  expect((await findTeam(accountId))?.members[0]?.lastActiveDay).toBe(
    now.toISOString().slice(0, 10),
  );
});
