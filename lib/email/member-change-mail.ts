import { pageAddress } from "@/lib/accounts/page-address";
import { findById } from "@/lib/accounts/queries";
import { isTeam } from "@/lib/accounts/schema";
import type { AuditEntry, AuditType } from "@/lib/audit-log/schema";
import { errorName, log } from "@/lib/log";
import { message } from "./message";
import { emailConfigured } from "./send";
import { sendToMembers } from "./send-to-members";

type MemberChange = Pick<AuditEntry, "accountId" | "type" | "actor" | "target" | "changes">;

/**
 * Mails the members who want it, but not who did it, that somebody joined, left, was removed, or changed role. Does nothing for
 * other entries of the audit log. A mail that fails undoes nothing.
 */
export async function mailMemberChange(entry: MemberChange): Promise<void> {
  const { accountId, actor } = entry;
  const sentence = sentenceOf(entry);
  if (sentence === null || !emailConfigured()) return;
  try {
    const account = await findById(accountId);
    if (!account || account.erasedAt !== undefined || !isTeam(account)) return;
    await sendToMembers(
      { account, topic: "members", except: actor.id },
      {
        subject: `${sentence} on OneKey`,
        ...message({
          heading: sentence,
          team: account.name,
          paragraphs: [`This is about the team ${account.name}.`],
          action: { label: "Open the team", url: pageAddress(account, "/dashboard/settings/team") },
          reason: `This email is sent when somebody joins, leaves, or changes role. Change which emails you get: ${pageAddress(account, "/dashboard/settings#emails")}`,
        }),
      },
    );
  } catch (error) {
    log.error("member.mail_failed", { accountId, error: errorName(error) });
  }
}

function sentenceOf({ type, actor, target, changes }: MemberChange): string | null {
  const role = changes.find(({ name }) => name === "Role");
  const member = target?.name ?? "";
  const sentences: Partial<Record<AuditType, string>> = {
    "member.joined": `${actor.name} joined as ${role?.after ?? "member"}`,
    "member.left": `${actor.name} left`,
    "member.removed": `${actor.name} removed ${member}`,
    "member.role_changed": `${actor.name} changed the role of ${member} from ${role?.before ?? ""} to ${role?.after ?? ""}`,
  };
  return sentences[type] ?? null;
}
