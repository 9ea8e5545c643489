import type { AuditEntry, AuditType } from "@/lib/audit-log/schema";

const DONE: Record<AuditType, string> = {
  "project.created": "created the project",
  "project.renamed": "renamed the project",
  "project.deleted": "deleted the project",
  "project.usage_mode_changed": "changed the exact usage of the project",
  "project.default_usage_mode_changed": "changed the exact usage of new projects",
  "key.created": "created the key",
  "key.changed": "changed the key",
  "key.rotated": "rotated the key",
  "key.overlap_ended": "ended the overlap of the key",
  "key.revoked": "revoked the key",
  "limits.changed": "changed the limits of",
  "credits.purchase_started": "opened the payment page",
  "top_up.changed": "changed the automatic top-up",
  "alert.changed": "changed the low-balance alert",
  "limit_alerts.changed": "switched the alerts",
  "usage.exported": "exported usage rows of",
  "ledger.exported": "exported the ledger",
  "account.exported": "exported all data of the account",
  "audit_log.exported": "exported the audit log",
  "profile.changed": "changed the name of the account",
  "profile.emails_changed": "changed which emails to get about",
  "profile.address_requested": "asked to change the email address",
  "profile.address_changed": "changed the email address",
  "profile.address_restored": "restored the email address",
  "session.ended": "signed a browser out",
  "sign_in.linked": "linked the sign-in method",
  "sign_in.unlinked": "unlinked the sign-in method",
  "management_key.created": "created the management key",
  "management_key.changed": "changed the management key",
  "management_key.rotated": "rotated the management key",
  "management_key.revoked": "revoked the management key",
  "webhook.created": "added the webhook endpoint",
  "webhook.changed": "changed the webhook endpoint",
  "webhook.secret_rotated": "rotated the signing secret of the webhook endpoint",
  "webhook.deleted": "deleted the webhook endpoint",
  "team.created": "created the team",
  "team.renamed": "renamed the team to",
  "member.invited": "invited",
  "member.joined": "joined the team",
  "member.role_changed": "changed the role of",
  "member.removed": "removed",
  "member.left": "left the team",
  "member.ownership_transferred": "transferred the ownership to",
  "invitation.sent_again": "sent the invitation again to",
  "invitation.revoked": "revoked the invitation of",
  "invitation.declined": "declined the invitation",
};

/** What was done, without who did it: "rotated the key" and "production". */
export function sentenceParts({ type, target }: Pick<AuditEntry, "type" | "target">): {
  verb: string;
  object: string;
} {
  const object = target?.name ?? (type === "limits.changed" ? "the account" : "");
  return { verb: DONE[type], object };
}

const SUBJECT_NAMES: Record<string, string> = {
  project: "Projects",
  key: "Keys",
  limits: "Limits",
  credits: "Purchases",
  top_up: "Automatic top-up",
  alert: "Low-balance alert",
  limit_alerts: "Alerts",
  usage: "Exports of usage",
  ledger: "Exports of the ledger",
  account: "Exports of all data",
  audit_log: "Exports of the audit log",
  profile: "Profile",
  session: "Sessions",
  sign_in: "Sign-in methods",
  management_key: "Management keys",
  team: "Team",
  member: "Members",
  invitation: "Invitations",
  webhook: "Webhooks",
};

/** How the page names the noun of a type. */
export const subjectName = (subject: string): string => SUBJECT_NAMES[subject] ?? subject;
