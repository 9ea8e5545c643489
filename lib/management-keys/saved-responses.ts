import { randomUUID } from "node:crypto";
import { isDuplicate } from "@/lib/errors";
import { savedResponses } from "./collection";
import { LEASE_MS, SAVED_HOURS } from "./schema";

/** What is known of a write with an Idempotency-Key: nothing (this call may do it), another body, in progress, or its response. */
export type SavedState =
  | { is: "first"; owner: string }
  | { is: "other" }
  | { is: "in_progress" }
  | { is: "done"; response: string };

/** A write that this process serves, and may end. */
type OwnedWrite = { id: string; owner: string };

/**
 * Takes the right to serve a write, or returns what became of it. The right is a lease: when the process that has it dies, another
 * call takes it over `LEASE_MS` later.
 */
export async function beginWrite(input: {
  id: string;
  accountId: string;
  request: string;
  now: number;
}): Promise<SavedState> {
  const { id: _id, accountId, request, now } = input;
  const at = new Date(now);
  const owner = randomUUID();
  const lease = { owner, until: new Date(now + LEASE_MS) };
  // The TTL index deletes some time after the expiry.
  await savedResponses.deleteOne({ _id, expires: { $lte: at } });
  try {
    const expires = new Date(now + SAVED_HOURS * 3_600_000);
    await savedResponses.insertOne({ _id, accountId, request, expires, lease });
    return { is: "first", owner };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const savedResponse = await savedResponses.findOne({ _id });
  // It failed a moment ago: the next try is the first.
  if (!savedResponse) return { is: "in_progress" };
  if (savedResponse.request !== request) return { is: "other" };
  if (savedResponse.response !== undefined) return { is: "done", response: savedResponse.response };
  const takeover = await savedResponses.updateOne(
    { _id, request, response: { $exists: false }, "lease.until": { $not: { $gt: at } } },
    { $set: { lease } },
  );
  return takeover.matchedCount === 1 ? { is: "first", owner } : { is: "in_progress" };
}

/** Keeps the lease of a write that takes long. */
export async function renewLease({ id: _id, owner, now }: OwnedWrite & { now: number }) {
  const until = new Date(now + LEASE_MS);
  await savedResponses.updateOne({ _id, "lease.owner": owner }, { $set: { "lease.until": until } });
}

/** Keeps the response of a write; with null the write failed, and may be tried again. Another owner's write is left as it is. */
export async function endWrite({
  id: _id,
  owner,
  response,
}: OwnedWrite & { response: string | null }): Promise<void> {
  const filter = { _id, "lease.owner": owner };
  if (response === null) await savedResponses.deleteOne(filter);
  else await savedResponses.updateOne(filter, { $set: { response }, $unset: { lease: "" } });
}
