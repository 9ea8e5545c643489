import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "@/lib/env";
import { ensureIndexes } from "./boot";
import { sweep } from "./sweep";

/**
 * The sweep as a request, for a host without a process of one's own, where no timer runs: its scheduler sends
 * `Authorization: Bearer <CRON_SECRET>`. Without that setting there is no such page. Sweeping twice changes nothing.
 */
export async function sweepOnRequest(request: Request): Promise<Response> {
  const { cronSecret } = env();
  if (cronSecret === null) return tell({ error: "Not found." }, 404);
  const given = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  if (!timingSafeEqual(digest(given), digest(cronSecret))) return tell({ error: "This needs the CRON_SECRET." }, 401);
  await ensureIndexes();
  return tell(await sweep(), 200);
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const tell = (value: unknown, status: number) =>
  Response.json(value, { status, headers: { "cache-control": "no-store" } });
