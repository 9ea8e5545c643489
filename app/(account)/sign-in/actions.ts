"use server";

import { emptyLinkRequest, type LinkRequest } from "./link-request";
import { headers } from "next/headers";
import { clientOf } from "@/lib/auth/client";
import { requestLink } from "@/lib/auth/link";
import { AppError } from "@/lib/errors";
import { formatTime } from "@/lib/format";

/** Mails a sign-in link to the address in the form. */
export async function requestLinkAction(
  _before: LinkRequest,
  form: FormData,
): Promise<LinkRequest> {
  const email = String(form.get("email") ?? "");
  const client = clientOf(await headers());
  try {
    const link = await requestLink({ email, next: form.get("next"), client });
    return { ...emptyLinkRequest, email: link.email, sentUntil: formatTime(link.until) };
  } catch (error) {
    if (error instanceof AppError) return { ...emptyLinkRequest, email, error: error.message };
    throw error;
  }
}
