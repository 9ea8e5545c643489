import { message } from "@/lib/email/message";
import { sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";

/** Mails a person that a way to sign in was added. `name` is the method with its address. */
export async function mailLinked({ to, name }: { to: string; name: string }): Promise<void> {
  await sendEmail({
    to,
    subject: `${name} was linked to your OneKey account`,
    ...message({
      heading: "A sign-in method was linked",
      paragraphs: [
        `${name} signs in to your account from now on.`,
        "If it was not you, sign in, unlink it and sign out everywhere else on the settings page, and look at the audit log.",
      ],
      action: { label: "Open settings", url: `${env().nextauthUrl}/dashboard/settings` },
      reason: "This email is always sent when a sign-in method is linked.",
    }),
  });
}
