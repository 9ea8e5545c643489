import { isDuplicate } from "@/lib/errors";
import { savedResponses } from "./collection";
import { SAVED_HOURS } from "./schema";

/** What is known of a write with an Idempotency-Key: nothing (this call may do it), another body, in progress, or its response. */
export type SavedState =
  | { is: "first" }
  | { is: "other" }
  | { is: "in_progress" }
  | { is: "done"; response: string };

/** Takes the right to serve a write, or returns what became of it. */
export async function beginWrite(input: {
  id: string;
  accountId: string;
  request: string;
  now: number;
}): Promise<SavedState> {
  const { id: _id, accountId, request, now } = input;
  // The TTL index deletes some time after the expiry.
  await savedResponses.deleteOne({ _id, expires: { $lte: new Date(now) } });
  try {
    const expires = new Date(now + SAVED_HOURS * 3_600_000);
    await savedResponses.insertOne({ _id, accountId, request, expires });
    return { is: "first" };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const savedResponse = await savedResponses.findOne({ _id });
  if (!savedResponse || savedResponse.request !== request) return { is: "other" };
  return savedResponse.response === undefined
    ? { is: "in_progress" }
    : { is: "done", response: savedResponse.response };
}

/** Keeps the response of a write; with null the write failed, and may be tried again. */
export async function endWrite({
  id: _id,
  response,
}: {
  id: string;
  response: string | null;
}): Promise<void> {
  if (response === null) await savedResponses.deleteOne({ _id });
  else await savedResponses.updateOne({ _id }, { $set: { response } });
}
