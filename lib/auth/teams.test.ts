import { expect, test } from "vitest";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { collection } from "@/lib/db/collection";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { createKey } from "@/lib/keys/create";
import { listKeys } from "@/lib/keys/queries";
import { revokeKey } from "@/lib/keys/revoke";
import { post } from "@/lib/ledger/post";
import { audit } from "@/lib/maintenance/audit";
import { leaveTeam, removeMember, transferOwnership } from "@/lib/teams/members";
import { findRole, findTeam } from "@/lib/teams/queries";
import { TEAMS_MAX } from "@/lib/teams/schema";
import { deleteAccount, finishDeletions } from "./delete-account";
import { invite } from "./invitations";
import { joinTeam, viewInvitation } from "./join-team";
import { liftAccount, suspendAccount } from "./suspension";
import { createTeam, listAccountsOf, renameTeam } from "./teams";
import { from, inviterOf, person, teamOfTwo, tokenTo, prepareTeams } from "@/e2e/support/teams";
import { rotateKeysOf } from "./rotate-member-keys";
import { mailTransferred } from "./transfer-mail";
import { findUser } from "./users";

await prepareTeams();

const now = new Date();

test("a team is created, listed, renamed and left; it has no free requests", async () => {
  const { owner, member, account, accountId } = await teamOfTwo();
  expect(account).toMatchObject({ kind: "team", free: { requests: 0, credits: 0 }, credits: 0 });
  await renameTeam({ accountId, name: "  Field notes " });
  expect(await listAccountsOf(member)).toEqual([
    { accountId, teamId: accountId, name: "Field notes", role: "developer" },
    { accountId: member._id, teamId: null, name: "Sam", role: "owner" },
  ]);
  for (const name of ["", "x".repeat(61), "a\u202eb"])
    await expect(renameTeam({ accountId, name })).rejects.toMatchObject({ param: "name" });
  await expect(createTeam({ user: owner, name: "" })).rejects.toMatchObject({ param: "name" });
  await leaveTeam({ accountId, userId: member._id });
  expect(await listAccountsOf(member)).toHaveLength(1);
  expect(await listAccountsOf(owner)).toHaveLength(2);
});

test("a person owns a bounded number of teams, and none from a suspended account", async () => {
  const user = await person();
  for (let i = 0; i < TEAMS_MAX; i++) await createTeam({ user, name: `Team ${i}` });
  await expect(createTeam({ user, name: "One more" })).rejects.toThrow("at most 20 teams");
  const suspended = await person();
  await suspendAccount({ accountId: suspended._id, operator: null, reason: "abuse" });
  await expect(createTeam({ user: suspended, name: "Escape" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a removed member has no role at their next request, and their keys stay", async () => {
  const { owner, member, account, accountId } = await teamOfTwo();
  const creator = { kind: "person", id: member._id, name: "Sam" } as const;
  const projectId = account.projects[0]?.id ?? "";
  await createKey({ accountId, projectId, name: "ci", creator });
  await removeMember({ accountId, userId: member._id, by: { userId: owner._id } });
  expect(await findRole({ accountId, userId: member._id, now })).toBeNull();
  const current = await findById(accountId);
  if (!current) throw new Error("no account");
  expect(await listKeys({ account: current })).toMatchObject([{ key: { creator }, live: [{}] }]);
});

test("a removed member's keys are rotated on request, and the former secrets work for 24 hours", async () => {
  const { owner, member, account, accountId } = await teamOfTwo();
  const projectId = account.projects[0]?.id ?? "";
  const keyBy = (user: typeof member, name: string) =>
    createKey({
      accountId,
      projectId,
      name,
      creator: { kind: "person", id: user._id, name: "Sam" },
    });
  await keyBy(member, "staging");
  await keyBy(member, "ci");
  await keyBy(owner, "production");
  const revoked = await keyBy(member, "old");
  await revokeKey({ accountId, keyId: revoked.key._id });
  const actor = { kind: "person", id: owner._id, name: "Mira" } as const;
  const rotatedKeys = await rotateKeysOf({ accountId, userId: member._id, actor, ...from });
  expect(rotatedKeys.map(({ name }) => name).toSorted()).toEqual(["ci", "staging"]);
  for (const key of rotatedKeys)
    expect(key).toMatchObject({ secret: expect.stringMatching(/^sk-onekey-\w{49}$/) });
  const current = await findById(accountId);
  if (!current) throw new Error("no account");
  const states = await listKeys({ account: current });
  const liveCounts = states.map(({ key, live }) => [key.name, live.length]);
  expect(Object.fromEntries(liveCounts)).toEqual({ ci: 2, staging: 2, production: 1, old: 0 });
  const entries = await listAuditEntries({ accountId, type: "key.rotated", limit: 5 });
  expect(entries.map(({ target, actor: { id } }) => [target?.name, id]).toSorted()).toEqual([
    ["ci", owner._id],
    ["staging", owner._id],
  ]);
  // A key that cannot be rotated says why, and the others are.
  await collection<Account>("accounts").updateOne(
    { _id: accountId },
    {
      $set: { keys: [...(current.keys ?? []), ...Array.from({ length: 195 }, (_, i) => `d${i}`)] },
    },
  );
  expect(await rotateKeysOf({ accountId, userId: member._id, actor, ...from })).toEqual(
    Array(2).fill({ name: expect.any(String), problem: expect.stringContaining("200") }),
  );
});

test("the only owner of a team cannot delete themselves; other members can", async () => {
  const { owner, member, accountId } = await teamOfTwo("admin");
  await post({ sourceId: `grt_${accountId}`, accountId, kind: "grant", amount: 5_000 });
  await expect(deleteAccount(owner._id)).rejects.toThrow(
    "You are the only owner of Fieldnote. Transfer the ownership or delete the team first.",
  );
  expect(await findUser(owner._id)).not.toBeNull();
  expect(await findRole({ accountId, userId: owner._id, now })).toBe("owner");
  await transferOwnership({ accountId, from: owner._id, to: member._id });
  await deleteAccount(owner._id, { address: "203.0.113.24", client: "Firefox on Linux" });
  // The team's log keeps who left, and nothing of it is erased with the person.
  expect(await listAuditEntries({ accountId, limit: 1 })).toMatchObject([
    {
      type: "member.left",
      actor: { kind: "person", id: owner._id, role: "admin" },
      address: "203.0.113.24",
      done: true,
    },
  ]);
  expect((await findTeam(accountId))?.members.map(({ userId }) => userId)).toEqual([member._id]);
  expect(await findById(accountId)).toMatchObject({ credits: 5_000 });
  expect((await audit()).problems).toEqual([]);
});

test("a transfer is mailed to owners and admins, and to nobody else", async () => {
  const { owner, member, account, accountId } = await teamOfTwo("viewer");
  const viewer = await person();
  await invite({ account, inviter: inviterOf(owner), emails: [viewer.email], role: "viewer" });
  const press = { address: "", client: "" };
  await joinTeam({ token: await tokenTo(viewer.email), user: viewer, ...press });
  await transferOwnership({ accountId, from: owner._id, to: member._id });
  await emptyMailbox();
  await mailTransferred({ account, formerOwner: "Mira", newOwner: "Sam" });
  const mails = await listMail();
  expect(mails.map(({ to }) => to).toSorted()).toEqual([owner.email, member.email].toSorted());
  expect(mails[0]?.subject).toBe("Sam owns Fieldnote on OneKey");
  expect(mails[0]?.text).toContain(`/dashboard/${accountId}/settings/team`);
});

test("a deleted team is nobody's, its members keep their accounts, and the books balance", async () => {
  const { owner, member, account, accountId } = await teamOfTwo();
  await post({ sourceId: `grt_${accountId}`, accountId, kind: "grant", amount: 7_000 });
  await invite({
    account,
    inviter: inviterOf(owner),
    emails: ["late@example.com"],
    role: "viewer",
  });
  const token = await tokenTo("late@example.com");
  await deleteAccount(accountId);
  await finishDeletions();
  expect(await findTeam(accountId)).toBeNull();
  expect(await viewInvitation({ token, user: null })).toBeNull();
  for (const user of [owner, member]) {
    expect(await listAccountsOf(user)).toHaveLength(1);
    expect(await findUser(user._id)).toEqual(user);
  }
  const remains = await findById(accountId);
  expect(remains).toMatchObject({ name: "", email: `erased:${accountId}`, credits: 7_000 });
  expect(remains).not.toHaveProperty("personDigests");
  expect((await audit()).problems).toEqual([]);
  await deleteAccount(owner._id);
});

test("a team is suspended and lifted like any account, and no person with it", async () => {
  const { member, account, accountId } = await teamOfTwo();
  await createKey({ accountId, projectId: account.projects[0]?.id ?? "", name: "ci" });
  await suspendAccount({ accountId, operator: null, reason: "abuse" });
  expect(await findById(accountId)).toMatchObject({ suspendedAt: expect.any(Date) as Date });
  expect(await findById(accountId)).not.toHaveProperty("keys");
  expect(await findById(member._id)).not.toHaveProperty("suspendedAt");
  await liftAccount({ accountId, operator: null, reason: "a mistake" });
  expect((await findById(accountId))?.keys).toHaveLength(1);
});

test("a team whose account was never made is nobody's, and holds nobody back", async () => {
  const user = await person();
  await collection<{ _id: string }>("teams").insertOne({
    _id: "acc_orphan",
    members: [{ userId: user._id, role: "owner", joinedAt: now, invitedBy: null }],
    invitations: [],
    version: 1,
  } as { _id: string });
  expect(await listAccountsOf(user)).toHaveLength(1);
  await deleteAccount(user._id);
  expect(await findTeam("acc_orphan")).toBeNull();
});
