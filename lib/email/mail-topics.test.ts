import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createTeamAccount } from "@/lib/accounts/create-team";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { audited } from "@/lib/audit-log/record";
import type { AuditType } from "@/lib/audit-log/schema";
import { findOrCreateUser } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { teams } from "@/lib/teams/collection";
import { Role } from "@/lib/teams/schema";
import { chooseEmails } from "@/lib/users/choose-emails";
import { users } from "@/lib/users/collection";
import { MailTopic } from "@/lib/users/schema";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import { startMail } from "../../sandbox/mail";
import { topicsOf } from "./mail-topics";
import { emptyMailbox, listMail } from "./mailbox";
import { sendToMembers } from "./send-to-members";

const mail = await startMail();
afterAll(mail.close);

useOwnDatabase(ensureIndexes);

const ACCOUNT_ID = "acc_0123456789abcdefghijAB";
let account: Account;
const userIds = new Map<Role, string>();

beforeAll(async () => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
  const members = [];
  for (const role of Role.options) {
    const { _id: userId } = await findOrCreateUser({ email: `${role}@example.com` });
    userIds.set(role, userId);
    members.push({ userId, role, joinedAt: new Date(), invitedBy: null });
  }
  account = await createTeamAccount({ accountId: ACCOUNT_ID, name: "Fieldnote", now: new Date() });
  await teams.insertOne({ _id: ACCOUNT_ID, members, invitations: [], version: 1 });
});

beforeEach(async () => {
  await users.updateMany({}, { $unset: { emailChoices: "" } });
  await emptyMailbox();
});

const EMAIL = { subject: "A mail", text: "About the account." };
const userIdOf = (role: Role): string => userIds.get(role) ?? "";
const receivers = async (): Promise<string[]> =>
  (await listMail()).map(({ to }) => to.split("@")[0] ?? "").toSorted();
const choose = (role: Role, topic: MailTopic, isOn: boolean) =>
  chooseEmails({ userId: userIdOf(role), accountId: ACCOUNT_ID, topic, isOn });

/** Who gets the mails of each topic before anybody chooses, and who can get them. */
const TABLE: Record<MailTopic, { atFirst: Role[]; all: Role[] }> = {
  receipts: { atFirst: ["owner", "admin", "billing"], all: ["owner", "admin", "billing"] },
  low_balance: { atFirst: ["owner", "admin", "billing"], all: ["owner", "admin", "billing"] },
  key_expiry: { atFirst: ["owner", "admin", "developer"], all: ["owner", "admin", "developer"] },
  models: { atFirst: ["owner", "admin", "developer"], all: ["owner", "admin", "developer"] },
  members: { atFirst: [], all: ["owner", "admin", "developer", "billing", "viewer"] },
};

test.each(MailTopic.options)(
  "%s is mailed to those of the table, by role and choice",
  async (topic) => {
    const { atFirst, all } = TABLE[topic];
    await sendToMembers({ account, topic }, EMAIL);
    expect(await receivers()).toEqual(atFirst.toSorted());
    await emptyMailbox();
    // Switching it on gives nobody a mail that their role does not get.
    for (const role of Role.options) await choose(role, topic, true);
    await sendToMembers({ account, topic }, EMAIL);
    expect(await receivers()).toEqual(all.toSorted());
    await emptyMailbox();
    for (const role of Role.options) await choose(role, topic, role !== "admin");
    await sendToMembers({ account, topic }, EMAIL);
    expect(await receivers()).toEqual(all.filter((role) => role !== "admin").toSorted());
  },
);

test("each role is offered the topics of the table", () => {
  for (const role of Role.options)
    expect(topicsOf(role)).toEqual(
      MailTopic.options.filter((topic) => TABLE[topic].all.includes(role)),
    );
});

test("a mail that is always sent ignores the choices, and choices are one account's", async () => {
  for (const topic of MailTopic.options) await choose("owner", topic, false);
  await sendToMembers({ account, permission: "ownership:manage" }, EMAIL);
  expect(await receivers()).toEqual(["owner"]);
  await emptyMailbox();
  const personal = await findById(userIdOf("owner"));
  if (!personal) throw new Error("no account");
  await sendToMembers({ account: personal, topic: "receipts" }, EMAIL);
  expect(await receivers()).toEqual(["owner"]);
});

test("a personal account's user can switch a topic off", async () => {
  const accountId = userIdOf("viewer");
  const personal = await findById(accountId);
  if (!personal) throw new Error("no account");
  await chooseEmails({ userId: accountId, accountId, topic: "models", isOn: false });
  await sendToMembers({ account: personal, topic: "models" }, EMAIL);
  expect(await receivers()).toEqual([]);
  await expect(
    chooseEmails({ userId: "usr_missing", accountId, topic: "models", isOn: false }),
  ).rejects.toThrow("There is no such user.");
});

test.each([
  [
    "member.joined",
    { changes: [{ name: "Role", before: null, after: "viewer" }] },
    "Vic joined as viewer",
  ],
  ["member.left", {}, "Vic left"],
  ["member.removed", { target: { id: "usr_x", name: "Leo" } }, "Vic removed Leo"],
  [
    "member.role_changed",
    {
      target: { id: "usr_x", name: "Leo" },
      changes: [{ name: "Role", before: "viewer", after: "admin" }],
    },
    "Vic changed the role of Leo from viewer to admin",
  ],
] satisfies [AuditType, object, string][])(
  "%s is mailed to members who want it, but not to who did it",
  async (type, details, subject) => {
    await choose("viewer", "members", true);
    await choose("owner", "members", true);
    const actor = { kind: "person", id: userIdOf("viewer"), name: "Vic" } as const;
    const entry = { accountId: ACCOUNT_ID, actor, type, address: "", client: "", ...details };
    await auditedWithEvents(entry, async () => undefined);
    expect(await listMail()).toMatchObject([
      { to: "owner@example.com", subject: `${subject} on OneKey` },
    ]);
    await emptyMailbox();
    await audited({ ...entry, type: "key.created" }, async () => undefined);
    expect(await receivers()).toEqual([]);
  },
);
