import { now } from "@/lib/clock";
import { LATEST } from "@/lib/db/latest-read";
import { hashOf, sessions } from "./collection";
import type { Session } from "./schema";

/** The session of a cookie's token, marked with the day; null for one that is unknown, ended or expired. */
export async function findSession(token: string): Promise<Session | null> {
  const isOpen = { _id: hashOf(token), expires: { $gt: new Date(now()) } };
  const row = await sessions.findOne(isOpen, LATEST);
  const session = row && (await withUser(row));
  const day = dayOf(new Date(now()));
  if (session && (session.lastUsedDay ?? dayOf(session.createdAt)) < day)
    await sessions.updateOne({ _id: session._id }, { $set: { lastUsedDay: day } });
  return session;
}

/** A session that a server of an earlier version has made since the migration names the account, whose id is its user's. */
async function withUser(row: Session & { accountId?: string }): Promise<Session | null> {
  const { accountId, ...session } = row;
  if (row.userId !== undefined) return session;
  // Without either it would be anybody's: the driver leaves out what is undefined in a filter.
  if (accountId === undefined) return null;
  await sessions.updateOne({ _id: row._id }, { $set: { userId: accountId } });
  return { ...session, userId: accountId };
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
    { ...LATEST, projection: { _id: 1 } },
  );
  return session !== null;
}
