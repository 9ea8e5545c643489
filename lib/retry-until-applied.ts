import { AppError } from "./errors";

/** Tries of a change that an owner or operator makes: each failed one means that another change of the account was saved. */
export const APPLY_TRIES = 100;

/**
 * Repeats a conditional write until it applies. `attempt` reads, then writes on the condition that nothing it read has
 * changed; it returns its result, or `undefined` when the condition failed. Throws AppError `unavailable` after `tries`
 * attempts.
 */
export async function retryUntilApplied<T>(
  tries: number,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let i = 0; i < tries; i++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new AppError(
    "unavailable",
    "Other changes kept this one from being saved. Try again in a moment.",
    { headers: { "retry-after": "1" } },
  );
}
