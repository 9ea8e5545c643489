import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "@/lib/env";

/**
 * Why a scheduler's request is not served, or null when it is: it sends `Authorization: Bearer <CRON_SECRET>`. Without
 * that setting there is no such page.
 */
export function refuseCron(request: Request): Response | null {
  const { cronSecret } = env();
  if (cronSecret === null) return cronAnswer({ error: "Not found." }, 404);
  const secret = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(secret), digest(cronSecret))
    ? null
    : cronAnswer({ error: "This needs the CRON_SECRET." }, 401);
}

const digest = (text: string) => createHash("sha256").update(text).digest();

export const cronAnswer = (value: unknown, status = 200): Response =>
  Response.json(value, { status, headers: { "cache-control": "no-store" } });
