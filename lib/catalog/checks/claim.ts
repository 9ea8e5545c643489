import { now } from "@/lib/clock";
import { isDuplicate } from "@/lib/errors";
import { checkTurns } from "./collection";

/** A first check comes so long after a deployment's first start. */
const FIRST_AFTER_MS = 10 * 60_000;
/** An instance that is killed while it checks holds the turn so long. */
const TURN_MS = 15 * 60_000;

/** Takes the turn of the daily check; false when it is not due, or another instance has it. */
export async function claimCheck(): Promise<boolean> {
  const at = now();
  const { modifiedCount } = await checkTurns.updateOne(
    { _id: "daily", nextAt: { $lte: new Date(at) } },
    { $set: { nextAt: new Date(at + TURN_MS) } },
  );
  if (modifiedCount === 1) return true;
  if ((await checkTurns.findOne({ _id: "daily" })) === null)
    await checkTurns
      .insertOne({ _id: "daily", nextAt: new Date(at + FIRST_AFTER_MS) })
      .catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
      });
  return false;
}

/** Sets when the next check is due, once one is over. */
export async function scheduleCheck(afterMs: number): Promise<void> {
  await checkTurns.updateOne(
    { _id: "daily" },
    { $set: { nextAt: new Date(now() + afterMs) } },
    { upsert: true },
  );
}
