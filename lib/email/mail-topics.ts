import { isAllowed, type Permission } from "@/lib/teams/permissions";
import type { Role } from "@/lib/teams/schema";
import { MailTopic, type User } from "@/lib/users/schema";

/** Who can get the mails of each topic, and whether they do before they choose. */
export const MAIL_TOPICS = {
  receipts: { permission: "credits:manage", isOnAtFirst: true },
  low_balance: { permission: "credits:manage", isOnAtFirst: true },
  /** Only for keys that the person created. */
  key_expiry: { permission: "projects:manage", isOnAtFirst: true },
  models: { permission: "projects:manage", isOnAtFirst: true },
  members: { permission: "members:view", isOnAtFirst: false },
} as const satisfies Record<MailTopic, { permission: Permission; isOnAtFirst: boolean }>;

/** The topics that a role can get mails of. */
export const topicsOf = (role: Role): MailTopic[] =>
  MailTopic.options.filter((topic) => isAllowed(role, MAIL_TOPICS[topic].permission));

/** Whether a person wants the mails of a topic about an account. */
export const wantsEmail = (
  { emailChoices }: Pick<User, "emailChoices">,
  { accountId, topic }: { accountId: string; topic: MailTopic },
): boolean => emailChoices?.[accountId]?.[topic] ?? MAIL_TOPICS[topic].isOnAtFirst;
