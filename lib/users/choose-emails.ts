import { AppError } from "@/lib/errors";
import { users } from "./collection";
import type { MailTopic } from "./schema";

/** Switches a topic of mails about an account on or off for one person. Throws not_found. */
export async function chooseEmails(input: {
  userId: string;
  accountId: string;
  topic: MailTopic;
  isOn: boolean;
}): Promise<void> {
  const { userId, accountId, topic, isOn } = input;
  const result = await users.updateOne(
    { _id: userId },
    { $set: { [`emailChoices.${accountId}.${topic}`]: isOn } },
  );
  if (result.matchedCount === 0) throw new AppError("not_found", "There is no such user.");
}
