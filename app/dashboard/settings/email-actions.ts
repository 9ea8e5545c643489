"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { accountLabel } from "@/lib/accounts/schema";
import { AppError } from "@/lib/errors";
import { topicsOf, wantsEmail } from "@/lib/email/mail-topics";
import { chooseEmails } from "@/lib/users/choose-emails";
import { MailTopic } from "@/lib/users/schema";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
import { may } from "../may";
import { EMAIL_TITLES } from "./email-titles";

const PAGE = "/dashboard/settings";

/** Switches mails about the page's account on or off for the signed-in person, whose own log keeps it. */
export const chooseEmailsAction = formAction({
  schema: z.object({ setting: MailTopic, on: z.literal("on").optional() }),
  authorize: may("account:view", PAGE),
  run: async ({ account, user, role }, { setting: topic, on }) => {
    const { _id: accountId } = account;
    if (!topicsOf(role).includes(topic))
      throw new AppError("forbidden", `Your role (${role}) does not get these emails.`);
    const isOn = on !== undefined;
    const self = { user, account: { _id: user._id } };
    await auditedByPerson(self, "profile.emails_changed", async (note) => {
      await chooseEmails({ userId: user._id, accountId, topic, isOn });
      const [before, after] = [wantsEmail(user, { accountId, topic }), isOn].map((isSent) =>
        isSent ? "on" : "off",
      );
      note({
        target: { id: accountId, name: accountLabel(account) },
        changes: [{ name: EMAIL_TITLES[topic], before: before ?? null, after: after ?? null }],
      });
    });
    revalidatePath(PAGE);
    return {};
  },
});
