import { keys } from "./collection";

/** key id → the day it was marked with by this process; the oldest is dropped first. */
const marks = new Map<string, string>();
const MARKS_MAX = 20_000;

/** Notes the UTC day of a key's use: one write a day and process, and none for each request. */
export async function markUsed(keyId: string, at: Date): Promise<void> {
  const day = at.toISOString().slice(0, 10);
  if ((marks.get(keyId) ?? "") >= day) return;
  const [oldest] = marks.size >= MARKS_MAX ? marks.keys() : [];
  if (oldest !== undefined) marks.delete(oldest);
  marks.set(keyId, day);
  try {
    await keys.updateOne(
      { _id: keyId, $or: [{ lastUsedDay: { $exists: false } }, { lastUsedDay: { $lt: day } }] },
      { $set: { lastUsedDay: day } },
    );
  } catch (error) {
    marks.delete(keyId);
    throw error;
  }
}
