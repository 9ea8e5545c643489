import { afterAll, beforeAll, vi } from "vitest";
import { startMail } from "../../sandbox/mail";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listMail } from "@/lib/email/mailbox";
import { ensureIndexes } from "@/lib/maintenance/boot";
import type { InvitedRole } from "@/lib/teams/schema";
import { displayNameOf, type User } from "@/lib/users/schema";
import { invite, type Inviter } from "@/lib/auth/invitations";
import { joinTeam } from "@/lib/auth/join-team";
import { createTeam } from "@/lib/auth/teams";
import { findOrCreateUser } from "@/lib/auth/users";

/** Gives the tests of a file a separate database and mailbox. Call it where the file begins. */
export async function prepareTeams(): Promise<void> {
  const mail = await startMail();
  afterAll(mail.close);
  useOwnDatabase(ensureIndexes);
  beforeAll(() => {
    delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
    vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
  });
}

let count = 0;
export const person = (name = ""): Promise<User> =>
  findOrCreateUser({ email: `person${++count}@example.com`, name });

/** Where a press comes from, as the audit log keeps it. */
export const from = { address: "203.0.113.7", client: "Firefox" };

export const inviterOf = (user: User): Inviter => ({
  by: { userId: user._id },
  invitedBy: { kind: "person", id: user._id, name: displayNameOf(user) },
  email: user.email,
});

/** The token in the newest mail to an address. */
export async function tokenTo(email: string): Promise<string> {
  const [message] = (await listMail()).filter(({ to }) => to === email);
  return /\/invitation\?token=([\w-]+)/.exec(message?.text ?? "")?.[1] ?? "";
}

/** A team of an owner and one other person, who was invited and joined. */
export async function teamOfTwo(role: InvitedRole = "developer") {
  const [owner, member] = [await person("Mira"), await person("Sam")];
  const account = await createTeam({ user: owner, name: "Fieldnote" });
  await invite({ account, inviter: inviterOf(owner), emails: [member.email], role });
  await joinTeam({ token: await tokenTo(member.email), user: member, ...from });
  return { owner, member, account, accountId: account._id };
}
