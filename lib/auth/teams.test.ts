import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startMail } from "../../sandbox/mail";
import { findById } from "@/lib/accounts/queries";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { createKey } from "@/lib/keys/create";
import { listKeys } from "@/lib/keys/queries";
import { post } from "@/lib/ledger/post";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { leaveTeam, removeMember, transferOwnership } from "@/lib/teams/members";
import { findRole, findTeam } from "@/lib/teams/queries";
import { TEAMS_MAX, type InvitedRole } from "@/lib/teams/schema";
import { displayNameOf, type User } from "@/lib/users/schema";
import { deleteAccount, finishDeletions } from "./delete-account";
import { invite, INVITATION_MAILS, sendInvitationAgain, type Inviter } from "./invitations";
import { declineToJoin, joinTeam, viewInvitation } from "./join-team";
import { liftAccount, suspendAccount } from "./suspension";
import { createTeam, listAccountsOf, renameTeam } from "./teams";
import { findOrCreateUser, findUser } from "./users";

const mail = await startMail();
afterAll(mail.close);

useOwnDatabase(ensureIndexes);
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});

let count = 0;
const person = (name = "") => findOrCreateUser({ email: `person${++count}@example.com`, name });
const now = new Date();
const from = { address: "203.0.113.7", client: "Firefox" };

const inviterOf = (user: User): Inviter => ({
  by: { userId: user._id },
  invitedBy: { kind: "person", id: user._id, name: displayNameOf(user) },
  email: user.email,
});

/** The token in the newest mail to an address. */
async function tokenTo(email: string): Promise<string> {
  const [message] = (await listMail()).filter(({ to }) => to === email);
  return /\/invitation\?token=([\w-]+)/.exec(message?.text ?? "")?.[1] ?? "";
}

/** A team of an owner and one other person, who was invited and joined. */
async function teamOfTwo(role: InvitedRole = "developer") {
  const [owner, member] = [await person("Mira"), await person("Sam")];
  const account = await createTeam({ user: owner, name: "Fieldnote" });
  await invite({ account, inviter: inviterOf(owner), emails: [member.email], role });
  await joinTeam({ token: await tokenTo(member.email), user: member, ...from });
  return { owner, member, account, accountId: account._id };
}

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
  await expect(createTeam({ user: suspended, name: "Way out" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("the mail of an invitation names team, role and inviter; the page reads the same", async () => {
  const owner = await person("Mira Lindqvist");
  const account = await createTeam({ user: owner, name: "Fieldnote" });
  await emptyMailbox();
  const { invitations, unsent } = await invite({
    account,
    inviter: inviterOf(owner),
    emails: [" Sam.One@Example.com ", "sam.one@example.com"],
    role: "billing",
  });
  expect([invitations.length, unsent]).toEqual([1, []]);
  const [message] = await listMail();
  expect(message).toMatchObject({
    to: "sam.one@example.com",
    subject: "Mira Lindqvist invited you to Fieldnote on OneKey",
  });
  for (const words of [`Mira Lindqvist (${owner.email})`, "Fieldnote, 1 person", "billing"])
    expect(message?.text).toContain(words);
  const token = await tokenTo("sam.one@example.com");
  expect(await viewInvitation({ token, user: null })).toMatchObject({
    state: "pending",
    teamName: "Fieldnote",
    memberCount: 1,
    role: "billing",
    inviter: { name: "Mira Lindqvist", email: owner.email },
    email: "sam.one@example.com",
  });
  // Somebody else sees whom it is for, and nothing of the team.
  const other = await person();
  expect(await viewInvitation({ token, user: other })).toEqual({
    state: "other",
    email: "sam.one@example.com",
  });
  expect(await viewInvitation({ token: "forged", user: null })).toBeNull();
});

test("joining is in the team's audit log with who joined, and refused presses are not", async () => {
  const { owner, member, account, accountId } = await teamOfTwo("viewer");
  const entries = await listAuditEntries({ accountId, limit: 10 });
  expect(entries).toMatchObject([
    {
      type: "member.joined",
      actor: { kind: "person", id: member._id, name: "Sam" },
      changes: [{ name: "Role", before: null, after: "viewer" }],
      ...from,
      done: true,
    },
  ]);
  const [stranger, invited] = [await person(), await person("Lena")];
  await invite({ account, inviter: inviterOf(owner), emails: [invited.email], role: "viewer" });
  const token = await tokenTo(invited.email);
  await expect(joinTeam({ token, user: stranger, ...from })).rejects.toThrow(
    `This invitation is for ${invited.email}`,
  );
  await expect(joinTeam({ token: "forged", user: stranger, ...from })).rejects.toMatchObject({
    code: "not_found",
  });
  await declineToJoin({ token, user: invited, ...from });
  await expect(joinTeam({ token, user: invited, ...from })).rejects.toThrow("was declined");
  expect((await listAuditEntries({ accountId, limit: 10 })).map(({ type }) => type)).toEqual([
    "invitation.declined",
    "member.joined",
  ]);
  expect((await findTeam(accountId))?.members).toHaveLength(2);
});

test.each([
  [["not an address", "fine@example.com"], "not an address is not an address"],
  [[], "Enter 1 to 20 addresses."],
  [Array.from({ length: 21 }, (_, i) => `many${i}@example.com`), "Enter 1 to 20 addresses."],
])("no invitation is sent for %j", async (emails, message) => {
  const user = await person();
  const account = await createTeam({ user, name: "Careful" });
  const before = (await listMail()).length;
  await expect(
    invite({ account, inviter: inviterOf(user), emails, role: "viewer" }),
  ).rejects.toThrow(message);
  expect((await findTeam(account._id))?.invitations).toEqual([]);
  expect(await listMail()).toHaveLength(before);
});

test("a personal account invites nobody", async () => {
  const user = await person();
  const account = await findById(user._id);
  if (!account) throw new Error("no account");
  await expect(
    invite({ account, inviter: inviterOf(user), emails: ["x@example.com"], role: "viewer" }),
  ).rejects.toThrow("Create a team first.");
});

test("an address is sent a bounded number of invitations a day, over all teams", async () => {
  const email = "bombed@example.com";
  const users = [await person(), await person()];
  let sent = 0;
  for (const user of users) {
    const account = await createTeam({ user, name: "Loud" });
    const inviter = inviterOf(user);
    try {
      const { invitations } = await invite({ account, inviter, emails: [email], role: "viewer" });
      sent++;
      for (;;) {
        const invitationId = invitations[0]?.id ?? "";
        await sendInvitationAgain({ account, inviter, invitationId });
        sent++;
      }
    } catch (error) {
      expect(error).toMatchObject({ code: "rate_limited" });
    }
  }
  expect(sent).toBe(INVITATION_MAILS.address);
});

test("a person sends a bounded number of invitations a day, also with several teams", async () => {
  const user = await person();
  let sent = 0;
  for (let round = 0; round < 4; round++) {
    const account = await createTeam({ user, name: `Team ${round}` });
    for (let i = 0; i < 2; i++) {
      const emails = Array.from({ length: 20 }, (_, j) => `to${round}-${i}-${j}@example.com`);
      const attempt = invite({ account, inviter: inviterOf(user), emails, role: "viewer" });
      await attempt.then(
        () => (sent += 20),
        (error: unknown) => expect(error).toMatchObject({ code: "rate_limited" }),
      );
    }
  }
  expect(sent).toBe(INVITATION_MAILS.account);
});

test("a mail that is not taken leaves the invitation, which can be sent again", async () => {
  const user = await person();
  const account = await createTeam({ user, name: "Patient" });
  const { unsent } = await invite({
    account,
    inviter: inviterOf(user),
    emails: ["x@refused.onekey.local", "y@example.com"],
    role: "viewer",
  });
  expect(unsent).toEqual(["x@refused.onekey.local"]);
  expect((await findTeam(account._id))?.invitations).toHaveLength(2);
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

test("the only owner of a team cannot delete themselves; other members can", async () => {
  const { owner, member, accountId } = await teamOfTwo("admin");
  await post({ sourceId: `grt_${accountId}`, accountId, kind: "grant", amount: 5_000 });
  await expect(deleteAccount(owner._id)).rejects.toThrow(
    "You are the only owner of Fieldnote. Transfer the ownership or delete the team first.",
  );
  expect(await findUser(owner._id)).not.toBeNull();
  expect(await findRole({ accountId, userId: owner._id, now })).toBe("owner");
  await transferOwnership({ accountId, from: owner._id, to: member._id });
  await deleteAccount(owner._id);
  expect((await findTeam(accountId))?.members.map(({ userId }) => userId)).toEqual([member._id]);
  expect(await findById(accountId)).toMatchObject({ credits: 5_000 });
  expect((await audit()).problems).toEqual([]);
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
