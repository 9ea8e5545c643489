import { AppError } from "@/lib/errors";
import { webhookDeliveries } from "./collection";
import { ATTEMPTS_KEPT, type DeliveryAttempt, type WebhookDelivery } from "./schema";

/** Far longer than an attempt may take: whoever is silent for so long was killed. */
export const LEASE_MS = 60_000;

type Claim = { by: string; now: number };

/** Takes a due delivery for LEASE_MS; false when somebody else did. */
export async function claimDelivery({
  delivery: { _id, nextAt },
  by,
  now,
}: { delivery: Pick<WebhookDelivery, "_id" | "nextAt"> } & Claim): Promise<boolean> {
  const result = await webhookDeliveries.updateOne(
    { _id, nextAt },
    { $set: { claim: by, nextAt: new Date(now + LEASE_MS) } },
  );
  return result.modifiedCount === 1;
}

/**
 * Takes a delivery of an account to send it again now, whatever came of it. After the end of a delivery, a failure of this attempt
 * is not followed by another. Throws not_found, and rate_limited while it is being sent.
 */
export async function claimAgain(
  input: { accountId: string; deliveryId: string } & Claim,
): Promise<WebhookDelivery> {
  const { accountId, deliveryId, by, now } = input;
  const before = await webhookDeliveries.findOne({ _id: deliveryId, accountId });
  if (!before) throw deliveryMissing();
  const isSingle = before.isSingle || before.state !== "pending";
  const delivery = await webhookDeliveries.findOneAndUpdate(
    {
      _id: deliveryId,
      accountId,
      state: before.state,
      $or: [{ claim: { $exists: false } }, { nextAt: { $lte: new Date(now) } }],
    },
    {
      $set: {
        state: "pending",
        claim: by,
        nextAt: new Date(now + LEASE_MS),
        isSingle,
      },
    },
    { returnDocument: "after" },
  );
  if (!delivery)
    throw new AppError("rate_limited", "The event is being sent right now. Reload the page.");
  return delivery;
}

/**
 * Keeps an attempt of whoever holds the claim: with `nextAt` it is tried again then, without it ends as `state`. Does nothing for a
 * claim that was lost; false then.
 */
export async function finishAttempt(input: {
  deliveryId: string;
  by: string;
  attempt: DeliveryAttempt | null;
  state: WebhookDelivery["state"];
  nextAt: Date | null;
}): Promise<boolean> {
  const { deliveryId, by, attempt, state, nextAt } = input;
  const result = await webhookDeliveries.updateOne(
    { _id: deliveryId, claim: by },
    {
      $set: { state, ...(nextAt ? { nextAt } : {}) },
      $unset: { claim: "", ...(nextAt ? {} : { nextAt: "" }) },
      ...(attempt
        ? {
            $push: { attempts: { $each: [attempt], $slice: -ATTEMPTS_KEPT } },
            $inc: { attemptCount: 1 },
          }
        : {}),
    },
  );
  return result.modifiedCount === 1;
}

/** Ends a delivery of an account that is still to be sent; one that has ended or is being sent stays as it is. Throws not_found. */
export async function stopDelivery({
  accountId,
  deliveryId,
}: {
  accountId: string;
  deliveryId: string;
}): Promise<void> {
  const delivery = { _id: deliveryId, accountId };
  const result = await webhookDeliveries.updateOne(
    { ...delivery, state: "pending", claim: { $exists: false } },
    { $set: { state: "stopped" }, $unset: { nextAt: "" } },
  );
  if (result.matchedCount === 0 && !(await webhookDeliveries.findOne(delivery)))
    throw deliveryMissing();
}

/** Ends what an endpoint has not been sent; an attempt in progress ends by its sender. */
export async function stopDeliveries(endpointId: string): Promise<void> {
  await webhookDeliveries.updateMany(
    { endpointId, state: "pending", claim: { $exists: false } },
    { $set: { state: "stopped" }, $unset: { nextAt: "" } },
  );
}

const deliveryMissing = () => new AppError("not_found", "There is no such delivery.");
