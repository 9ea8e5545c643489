import { expect, test } from "vitest";
import { findById } from "@/lib/accounts/queries";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { findTeam } from "@/lib/teams/queries";
import { invite, INVITATION_MAILS, sendInvitationAgain } from "./invitations";
import { declineToJoin, joinTeam, viewInvitation } from "./join-team";
import { createTeam } from "./teams";
import { from, inviterOf, person, teamOfTwo, tokenTo, prepareTeams } from "@/e2e/support/teams";

await prepareTeams();

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
  ["a wrong address", ["not an address", "fine@example.com"], "not an address is not an address"],
  ["no address", [], "Enter 1 to 20 addresses."],
  [
    "21 addresses",
    Array.from({ length: 21 }, (_, i) => `many${i}@example.com`),
    "Enter 1 to 20 addresses.",
  ],
])("no invitation is sent for %s", async (_case, emails, message) => {
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
