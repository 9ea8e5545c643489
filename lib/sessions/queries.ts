import { now } from "@/lib/clock";
import { hashOf, sessions } from "./collection";
import type { Session } from "./schema";

/** The session of a cookie's token; null for one that is unknown, ended or expired. */
export async function findSession(token: string): Promise<Session | null> {
  return (await sessions()).findOne({ _id: hashOf(token), expires: { $gt: new Date(now()) } });
}

/** The open sessions of an account, the newest first. */
export async function listSessions(accountId: string): Promise<Session[]> {
  return (await sessions())
    .find({ accountId, expires: { $gt: new Date(now()) } })
    .sort({ createdAt: -1 })
    .toArray();
}

/** Whether a session is still open, by its id. */
export async function hasSession(sessionId: string): Promise<boolean> {
  const session = await (
    await sessions()
  ).findOne({ _id: sessionId, expires: { $gt: new Date(now()) } }, { projection: { _id: 1 } });
  return session !== null;
}
