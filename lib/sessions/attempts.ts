import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { isDuplicate } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { attempts } from "./collection";

interface SignInAttempt {
  what: string;
  /** Who is limited, such as an address; stored as an HMAC. */
  by: string;
  max: number;
  windowMs: number;
  now?: number;
}

/**
 * Counts an attempt in the current window of time, by one write that every server shares. `allowed` is false for those
 * beyond `max`; `until` is when the next window begins.
 */
export async function countAttempt(
  attempt: SignInAttempt,
): Promise<{ allowed: boolean; until: Date }> {
  const { what, by, max, windowMs, now: instant = now() } = attempt;
  const at = instant - (instant % windowMs);
  const until = new Date(at + windowMs);
  const _id = digestOf(`${what}\n${by}\n${at}`, env().keyPepper);
  const all = await attempts();
  const count = () =>
    all.findOneAndUpdate(
      { _id },
      { $inc: { count: 1 }, $setOnInsert: { expires: until } },
      { upsert: true, returnDocument: "after" },
    );
  const after = await count().catch((error: unknown) => {
    // Two first attempts at the same instant: the other one made the counter.
    if (isDuplicate(error)) return count();
    throw error;
  });
  return { allowed: (after?.count ?? 1) <= max, until };
}
