import { z } from "zod";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

export const MailboxEntry = z.object({
  id: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
});
export type MailboxEntry = z.infer<typeof MailboxEntry>;

/** Whether there is a mailbox page: only in the sandbox. */
export function hasMailbox(): boolean {
  return env().mode === "sandbox" && env().sandboxUrls?.mail !== undefined;
}

/** What the sandbox would have sent, the newest first. */
export async function listMail(): Promise<MailboxEntry[]> {
  return z.array(MailboxEntry).parse(await (await ask("GET")).json());
}

export async function emptyMailbox(): Promise<void> {
  await ask("DELETE");
}

async function ask(method: "GET" | "DELETE"): Promise<Response> {
  const response = await fetch(`${env().sandboxUrls?.mail}/messages`, {
    method,
    cache: "no-store",
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new AppError("unavailable", "The sandbox's mailbox did not answer.");
  return response;
}
