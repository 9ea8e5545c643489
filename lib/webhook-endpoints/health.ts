import { webhookEndpoints } from "./collection";
import type { WebhookEndpoint } from "./schema";

const LEASE_MS = 120_000;

/** Notes that an endpoint responded with a 2xx. */
export async function noteAccepted({
  endpointId,
  at,
}: {
  endpointId: string;
  at: Date;
}): Promise<void> {
  await webhookEndpoints.updateOne({ _id: endpointId }, { $max: { acceptedAt: at } });
}

/**
 * Disables an endpoint that has accepted nothing since a time; with `gone`, whatever it accepted. Its owner is to be notified from
 * then on. Returns whether this call disabled it.
 */
export async function disableEndpoint(input: {
  endpointId: string;
  reason: NonNullable<WebhookEndpoint["disabled"]>["reason"];
  since: Date;
  at: Date;
}): Promise<boolean> {
  const { endpointId, reason, since, at } = input;
  const acceptedNothing = [{ acceptedAt: { $exists: false } }, { acceptedAt: { $lt: since } }];
  const result = await webhookEndpoints.updateOne(
    {
      _id: endpointId,
      disabled: { $exists: false },
      ...(reason === "failing" ? { $or: acceptedNothing } : {}),
    },
    { $set: { disabled: { at, reason, mailAt: at } } },
  );
  return result.modifiedCount === 1;
}

/** Takes the mail about a disabled endpoint for two minutes; false when it was sent or somebody else is at it. */
export async function leaseDisabledMail({
  endpointId,
  now,
}: {
  endpointId: string;
  now: number;
}): Promise<boolean> {
  const result = await webhookEndpoints.updateOne(
    { _id: endpointId, "disabled.mailAt": { $lte: new Date(now) } },
    { $set: { "disabled.mailAt": new Date(now + LEASE_MS) } },
  );
  return result.modifiedCount === 1;
}

export async function markDisabledMailed(endpointId: string): Promise<void> {
  await webhookEndpoints.updateOne({ _id: endpointId }, { $unset: { "disabled.mailAt": "" } });
}
