import { sessions } from "./collection";

/** Ends one session of an account; false when the account has no such session. */
export async function endSession({
  accountId,
  sessionId,
}: {
  accountId: string;
  sessionId: string;
}): Promise<boolean> {
  return (await (await sessions()).deleteOne({ _id: sessionId, accountId })).deletedCount === 1;
}

export async function endAllSessions(accountId: string): Promise<void> {
  await (await sessions()).deleteMany({ accountId });
}
