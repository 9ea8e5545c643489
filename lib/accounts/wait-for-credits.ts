import { AppError } from "@/lib/errors";
import { waitForEndedHold } from "./ended-holds";

/** How long a request waits for what other requests of its account hold, before it is refused. */
const WAIT_MS = 4_000;
/** How many requests of one account wait at most; the next is refused immediately. */
const WAITING_MAX = 64;
/** How often the account is looked at for a hold that ended in another instance. */
const LOOK_MS = 250;

type WaitingLine = { waiting: number; last: Promise<unknown> };
const lines = new Map<string, WaitingLine>();

/** Whether a request was refused only for what other requests of its account hold. */
export const isHeldElsewhere = (error: unknown): boolean =>
  error instanceof AppError && error.reason === "in_flight_budget";

/**
 * Tries a hold again each time that another hold of the account has ended. Requests of one account wait in line, so that each
 * end is followed by one attempt. Throws `refusal`, or the last one, when the time is up or the line is full.
 */
export async function waitForCredits<T>(input: {
  accountId: string;
  refusal: unknown;
  attempt: () => Promise<T>;
  /** Whether the client has left: then nobody needs the hold. */
  abandoned: () => boolean;
}): Promise<T> {
  const { accountId } = input;
  const line = lines.get(accountId) ?? { waiting: 0, last: Promise.resolve() };
  if (line.waiting >= WAITING_MAX) throw input.refusal;
  lines.set(accountId, line);
  line.waiting++;
  const ahead = line.waiting > 1 ? line.last : null;
  const turn = attemptUntil({ ...input, ahead, until: performance.now() + WAIT_MS });
  line.last = turn.catch(() => undefined);
  try {
    return await turn;
  } finally {
    if (--line.waiting === 0) lines.delete(accountId);
  }
}

async function attemptUntil<T>(input: {
  accountId: string;
  refusal: unknown;
  attempt: () => Promise<T>;
  abandoned: () => boolean;
  /** Settles when the requests ahead of this one have their holds, or were refused; null for the first. */
  ahead: Promise<unknown> | null;
  until: number;
}): Promise<T> {
  const { accountId, attempt, abandoned: hasLeft, until } = input;
  let { refusal } = input;
  // The credits that admitted the request ahead may be enough for this one too.
  let waits = input.ahead === null;
  await input.ahead;
  for (;;) {
    const leftMs = until - performance.now();
    if (leftMs <= 0 || hasLeft()) throw refusal;
    if (waits) await waitForEndedHold(accountId, Math.min(LOOK_MS, leftMs));
    waits = true;
    try {
      return await attempt();
    } catch (error) {
      if (!isHeldElsewhere(error)) throw error;
      refusal = error;
    }
  }
}
