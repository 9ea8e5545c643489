import type { MailTopic } from "@/lib/users/schema";

/** What the switch of each topic is called. */
export const EMAIL_TITLES: Record<MailTopic, string> = {
  receipts: "Receipts and refunds",
  low_balance: "Low balance",
  key_expiry: "Keys about to expire",
  models: "Models",
  members: "Members",
};
