import { beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "./collection";
import {
  acceptInvitation,
  addInvitations,
  declineInvitation,
  renewInvitation,
  revokeInvitation,
} from "./invitations";
import { removeMember } from "./members";
import { findInvitation, findRole, findTeam } from "./queries";
import { PENDING_MAX, type InvitedRole } from "./schema";
import { addMembers, by, invitedBy, newTeam, now, rolesOf } from "./testing/team";

useOwnDatabase(ensureIndexes);

let accountId = "";

beforeEach(async () => {
  accountId = await newTeam();
});

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

test.each(["developer", "billing", "viewer"] as const)("a %s invites nobody", async (role) => {
  await addMembers(accountId, "admin", role);
  const { invitation } = await invite("sam@example.com", "viewer", by("usr_admin"));
  const actor = by(`usr_${role}`);
  const target = { accountId, invitationId: invitation.id, by: actor, now };
  const before = await findTeam(accountId);
  for (const attempt of [
    () => invite("x@example.com", "viewer", actor),
    () => invite("x@example.com", "viewer", by("usr_stranger")),
    () => renewInvitation(target),
    () => revokeInvitation(target),
  ])
    await expect(attempt()).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not_found/) as string,
    });
  expect(await findTeam(accountId)).toEqual(before);
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
  for (const attempt of [
    () => accept({ user: other }),
    () => declineInvitation({ token, user: other, now }),
  ])
    await expect(attempt()).rejects.toThrow("This invitation is for sam@example.com.");
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
  expect(Object.keys(await rolesOf(accountId))).toEqual(["usr_owner"]);
});

test("of an acceptance and a revocation at the same moment, one wins", async () => {
  for (let round = 0; round < 5; round++) {
    accountId = await newTeam();
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
  expect(await rolesOf(accountId)).toMatchObject({ usr_sam: "developer" });
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
