import { message } from "@/lib/email/message";
import { sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";

/** Mails that a way to sign in was taken off an account. */
export async function mailUnlinked({ to, name }: { to: string; name: string }): Promise<void> {
  await sendEmail({
    to,
    subject: `${name} was unlinked from your OneKey account`,
    ...message({
      heading: "A sign-in method was unlinked",
      paragraphs: [
        `${name} no longer signs in to this account, and the other sessions that began with it were ended. Signing in with it again, by the same verified address, links it again.`,
        "If it was not you, sign in, sign out everywhere else on the settings page, and look at the audit log.",
      ],
      action: { label: "Open settings", url: `${env().nextauthUrl}/dashboard/settings` },
      reason: "This email is always sent when a sign-in method is unlinked.",
    }),
  });
}
