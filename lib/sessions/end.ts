import { sessions } from "./collection";
import type { SignInMethod } from "./schema";

/** Ends one session of an account; false when the account has no such session. */
export async function endSession({
  accountId,
  sessionId,
}: {
  accountId: string;
  sessionId: string;
}): Promise<boolean> {
  return (await sessions.deleteOne({ _id: sessionId, accountId })).deletedCount === 1;
}

/** Ends the sessions that began by a method, but for one. */
export async function endSessionsBy(input: {
  accountId: string;
  method: SignInMethod;
  except: string;
}): Promise<void> {
  const { accountId, method, except } = input;
  await sessions.deleteMany({ accountId, method, _id: { $ne: except } });
}

export async function endAllSessions(accountId: string): Promise<void> {
  await sessions.deleteMany({ accountId });
}
