import { sessions } from "./collection";
import type { SignInMethod } from "./schema";

/** Ends one session of a user; false when they have no such session. */
export async function endSession({
  userId,
  sessionId,
}: {
  userId: string;
  sessionId: string;
}): Promise<boolean> {
  return (await sessions.deleteOne({ _id: sessionId, userId })).deletedCount === 1;
}

/** Ends the sessions that began by a method, but for one. */
export async function endSessionsBy(input: {
  userId: string;
  method: SignInMethod;
  except: string;
}): Promise<void> {
  const { userId, method, except } = input;
  await sessions.deleteMany({ userId, method, _id: { $ne: except } });
}

/** Ends the sessions of a user but for one; returns how many. */
export async function endOtherSessions({
  userId,
  except: keptId,
}: {
  userId: string;
  except: string;
}): Promise<number> {
  return (await sessions.deleteMany({ userId, _id: { $ne: keptId } })).deletedCount;
}

export async function endAllSessions(userId: string): Promise<void> {
  await sessions.deleteMany({ userId });
}
