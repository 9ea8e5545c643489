import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startMail } from "../../sandbox/mail";
import { createTeamAccount } from "@/lib/accounts/create-team";
import { findById } from "@/lib/accounts/queries";
import { findOrCreateUser } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { mailLowBalance } from "@/lib/payments/mails";
import { teams } from "@/lib/teams/collection";
import { Role } from "@/lib/teams/schema";
import { emptyMailbox, listMail } from "./mailbox";
import { sendToMembers } from "./send-to-members";

const mail = await startMail();
afterAll(mail.close);

useOwnDatabase(ensureIndexes);
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});

const ACCOUNT_ID = "acc_0123456789abcdefghijAB";

test("a mail about money reaches those of a team who may pay, each apart, with the team's links", async () => {
  const members = await Promise.all(
    Role.options.map(async (role) => ({
      userId: (await findOrCreateUser({ email: `${role}@example.com` }))._id,
      role,
      joinedAt: new Date(),
      invitedBy: null,
    })),
  );
  const account = await createTeamAccount({
    accountId: ACCOUNT_ID,
    name: "Fieldnote",
    now: new Date(),
  });
  await teams.insertOne({ _id: ACCOUNT_ID, members, invitations: [], version: 1 });
  await emptyMailbox();
  await mailLowBalance({ account, balance: 1_000_000_000, threshold: 2_000_000_000 });
  const mails = await listMail();
  expect(mails.map(({ to }) => to).toSorted()).toEqual([
    "admin@example.com",
    "billing@example.com",
    "owner@example.com",
  ]);
  expect(mails[0]?.text).toContain(`/dashboard/${ACCOUNT_ID}/credits`);
});

test("a mail about a personal account reaches its user, with the plain links", async () => {
  const { _id } = await findOrCreateUser({ email: "mira@example.com" });
  const account = await findById(_id);
  if (!account) throw new Error("no account");
  await emptyMailbox();
  await mailLowBalance({ account, balance: 1_000_000_000, threshold: 2_000_000_000 });
  const mails = await listMail();
  expect(mails.map(({ to }) => to)).toEqual(["mira@example.com"]);
  expect(mails[0]?.text).toContain("/dashboard/credits");
});

test("a mail that one member's server refuses reaches the others, and fails when nobody gets it", async () => {
  const refused = await findOrCreateUser({ email: "x@refused.onekey.local" });
  const account = await findById(ACCOUNT_ID);
  const personal = await findById(refused._id);
  if (!account || !personal) throw new Error("no account");
  await teams.updateOne(
    { _id: ACCOUNT_ID },
    {
      $push: {
        members: {
          userId: refused._id,
          role: "viewer",
          joinedAt: new Date(),
          invitedBy: null,
        },
      },
    },
  );
  const email = { subject: "Notice", text: "Hello" };
  await emptyMailbox();
  await sendToMembers({ account, permission: "usage:view" }, email);
  expect(await listMail()).toHaveLength(5);
  await expect(
    sendToMembers({ account: personal, permission: "usage:view" }, email),
  ).rejects.toMatchObject({ code: "unavailable" });
});
