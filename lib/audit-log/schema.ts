import { z } from "zod";
import { Creator } from "@/lib/keys/schema";

/** Who did something: a person, a management key, the operator, or a service such as GitHub's secret scanning. */
export const AuditActor = Creator.extend({
  kind: z.enum([...Creator.shape.kind.options, "service"]),
  /** A person's role in the account at that time; missing in entries of earlier versions. */
  role: z.string().optional(),
});
export type AuditActor = z.infer<typeof AuditActor>;

/** What was done, as noun.verb; the noun groups the page's filter. */
export const AuditType = z.enum([
  "project.created",
  "project.renamed",
  "project.deleted",
  "project.usage_mode_changed",
  "project.default_usage_mode_changed",
  "key.created",
  "key.changed",
  "key.rotated",
  "key.overlap_ended",
  "key.revoked",
  "limits.changed",
  "credits.purchase_started",
  "top_up.changed",
  "alert.changed",
  "limit_alerts.changed",
  "usage.exported",
  "ledger.exported",
  "account.exported",
  "audit_log.exported",
  "profile.changed",
  "profile.emails_changed",
  "profile.address_requested",
  "profile.address_changed",
  "profile.address_restored",
  "session.ended",
  "sign_in.linked",
  "sign_in.unlinked",
  "management_key.created",
  "management_key.changed",
  "management_key.rotated",
  "management_key.revoked",
  "team.created",
  "team.renamed",
  "member.invited",
  "member.joined",
  "member.role_changed",
  "member.removed",
  "member.left",
  "member.ownership_transferred",
  "invitation.sent_again",
  "invitation.revoked",
  "invitation.declined",
  "webhook.created",
  "webhook.changed",
  "webhook.secret_rotated",
  "webhook.deleted",
]);
export type AuditType = z.infer<typeof AuditType>;

/** One detail of a change: what it was and what it is; null for nothing. */
const AuditChange = z.object({
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** One change of an account. There is no field for content, a secret, or a key beyond its preview. */
export const AuditEntry = z.object({
  _id: z.string(),
  accountId: z.string(),
  at: z.date(),
  actor: AuditActor,
  type: AuditType,
  /** What it was done to: its id, and its name at that time. */
  target: z
    .object({ id: z.string(), name: z.string(), projectId: z.string().optional() })
    .optional(),
  changes: z.array(AuditChange),
  /** The client's network address, and its browser or program; empty where there is none. */
  address: z.string(),
  client: z.string(),
  /** False while the change is being made, and for good where the server died in between. */
  done: z.boolean(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AUDIT_DAYS = 365;
