"use server";

import { notFound, redirect } from "next/navigation";
import { emptyMailbox, hasMailbox } from "@/lib/email/mailbox";

export async function emptyMailboxAction(): Promise<void> {
  if (!hasMailbox()) notFound();
  await emptyMailbox();
  redirect("/sandbox/mailbox");
}
