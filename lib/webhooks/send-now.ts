import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { countAttempt } from "@/lib/sessions/attempts";
import { claimAgain, LEASE_MS } from "@/lib/webhook-deliveries/claim";
import { findDelivery } from "@/lib/webhook-deliveries/queries";
import type { DeliveryAttempt } from "@/lib/webhook-deliveries/schema";
import { getEndpoint } from "@/lib/webhook-endpoints/queries";
import { sendDelivery } from "./deliver";
import { recordEvent } from "./emit";

/** How many tests and repeats an account may have sent in a minute. */
const PER_MINUTE_MAX = 10;
const MINUTE_MS = 60_000;

/** Posts `test.ping` to an endpoint now and returns what came of it. Throws not_found, and rate_limited after PER_MINUTE_MAX. */
export async function sendTest(input: {
  accountId: string;
  endpointId: string;
}): Promise<DeliveryAttempt> {
  const { accountId } = input;
  const endpoint = await getEndpoint(input);
  const now = clock.now();
  await limitManual(accountId, now);
  const by = newId("snd");
  const deliveryId = await recordEvent({
    event: {
      type: "test.ping",
      accountId,
      source: by,
      at: new Date(now),
      data: { endpoint: endpoint._id },
    },
    endpoint,
    now,
    claim: { by, until: now + LEASE_MS },
  });
  const delivery = await findDelivery(deliveryId);
  return madeBy(delivery && (await sendDelivery({ delivery, by })));
}

/**
 * Sends a delivery again now, with the same `webhook-id`, also one that was accepted. Throws not_found, rate_limited after
 * PER_MINUTE_MAX and while it is being sent.
 */
export async function sendAgain(input: {
  accountId: string;
  deliveryId: string;
}): Promise<DeliveryAttempt> {
  const now = clock.now();
  await limitManual(input.accountId, now);
  const by = newId("snd");
  const delivery = await claimAgain({ ...input, by, now });
  return madeBy(await sendDelivery({ delivery, by }));
}

function madeBy(attempt: DeliveryAttempt | null): DeliveryAttempt {
  if (attempt) return attempt;
  throw new AppError("bad_request", "The endpoint takes no events. Enable it, then try again.");
}

/** Counted by a conditional write, so that neither concurrent calls nor repeats of one delivery send more. */
async function limitManual(accountId: string, now: number): Promise<void> {
  const { allowed: isAllowed, until } = await countAttempt({
    what: "webhook events by hand",
    by: accountId,
    max: PER_MINUTE_MAX,
    windowMs: MINUTE_MS,
    now,
  });
  if (isAllowed) return;
  const seconds = Math.max(1, Math.ceil((until.getTime() - now) / 1000));
  throw new AppError(
    "rate_limited",
    `At most ${PER_MINUTE_MAX} events a minute are sent by hand. Try again in ${seconds} s.`,
    { headers: { "retry-after": String(seconds) } },
  );
}
