import { Resend } from "resend";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { emailSettings } from "./settings";

export type OutgoingEmail = { to: string; subject: string; text: string; html?: string };

/** Whether mail can be sent at all; sign-in links, receipts and alerts are off where it cannot. */
export function emailConfigured(): boolean {
  return emailSettings() !== null;
}

/** Sends a mail, or puts it into the sandbox's mailbox. Throws AppError "unavailable" when it was not taken; logs no content. */
export async function sendEmail({ to, subject, text, html }: OutgoingEmail): Promise<void> {
  const settings = emailSettings();
  if (settings === null)
    throw new AppError("unavailable", "This server is not set up to send mail.");
  const resend = new Resend(settings.apiKey, { baseUrl: settings.baseUrl });
  // It does not throw, not even when nobody answers.
  const { error } = await resend.emails.send({
    from: settings.from,
    to,
    subject,
    text,
    ...(html ? { html } : {}),
  });
  if (error === null) return;
  log.warn("email.refused", { code: error.name, status: error.statusCode ?? 0 });
  throw new AppError("unavailable", "The mail could not be sent: try again in a minute.");
}
