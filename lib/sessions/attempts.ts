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
  /** How much this attempt counts, such as its bytes. Default 1. */
  amount?: number;
  now?: number;
}

/**
 * Counts an attempt in the current window of time, by one conditional write that every server shares. `allowed` is false,
 * and nothing is counted, where the sum would exceed `max`; `until` is when the next window begins.
 */
export async function countAttempt(
  attempt: SignInAttempt,
): Promise<{ allowed: boolean; until: Date }> {
  const { what: kind, by, max, windowMs, amount = 1, now: instant = now() } = attempt;
  const at = instant - (instant % windowMs);
  const until = new Date(at + windowMs);
  if (amount > max) return { allowed: false, until };
  const _id = digestOf(`${kind}\n${by}\n${at}`, env().keyPepper);
  const count = () =>
    attempts.updateOne(
      { _id, count: { $lte: max - amount } },
      { $inc: { count: amount }, $setOnInsert: { expires: until } },
      { upsert: true },
    );
  try {
    await count().catch((error: unknown) => {
      // Two first attempts at the same instant, or a counter that is full: the second try distinguishes them.
      if (isDuplicate(error)) return count();
      throw error;
    });
    return { allowed: true, until };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return { allowed: false, until };
  }
}
