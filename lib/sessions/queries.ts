import { now } from "@/lib/clock";
import { hashOf, sessions } from "./collection";
import type { Session } from "./schema";

/** The session of a cookie's token, marked with the day; null for one that is unknown, ended or expired. */
export async function findSession(token: string): Promise<Session | null> {
  const session = await sessions.findOne({ _id: hashOf(token), expires: { $gt: new Date(now()) } });
  const day = dayOf(new Date(now()));
  if (session && (session.lastUsedDay ?? dayOf(session.createdAt)) < day)
    await sessions.updateOne({ _id: session._id }, { $set: { lastUsedDay: day } });
  return session;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The open sessions of a user, the newest first. */
export async function listSessions(userId: string): Promise<Session[]> {
  return sessions
    .find({ userId, expires: { $gt: new Date(now()) } })
    .sort({ createdAt: -1 })
    .toArray();
}

/** Whether a session is still open, by its id. */
export async function hasSession(sessionId: string): Promise<boolean> {
  const session = await sessions.findOne(
    { _id: sessionId, expires: { $gt: new Date(now()) } },
    { projection: { _id: 1 } },
  );
  return session !== null;
}
