import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { accounts } from "./collection";
import type { Account, TopUp } from "./schema";
import { monthOf } from "./windows";

type PendingCharge = NonNullable<TopUp["pending"]>;
type TopUpSettings = Pick<TopUp, "threshold" | "amount" | "monthlyMax">;

function stoppedFor(reason: string) {
  const at = new Date(clock.now());
  return { at, reason, mailAt: at };
}

/** The total of a pending charge, in nano-credits. */
export const totalOf = ({ amount, fee, tax }: Pick<PendingCharge, "amount" | "fee" | "tax">) =>
  amount + fee + tax.reduce((sum, line) => sum + line.amount, 0);

/** Turns automatic top-up on, or changes it; it needs a saved card. What it charged this month stays counted. */
export async function turnOnTopUp({
  accountId,
  ...settings
}: { accountId: string } & TopUpSettings): Promise<void> {
  const set = {
    "topUp.on": true,
    "topUp.threshold": settings.threshold,
    "topUp.amount": settings.amount,
    "topUp.monthlyMax": settings.monthlyMax,
  };
  const filter = { _id: accountId, "stripe.card": { $exists: true } };
  const first = await accounts.updateOne(
    { ...filter, topUp: { $exists: false } },
    { $set: { ...set, "topUp.month": { at: monthOf(Date.now()), charged: 0 } } },
  );
  if (first.matchedCount === 1) return;
  const result = await accounts.updateOne(filter, { $set: set, $unset: { "topUp.stopped": "" } });
  if (result.matchedCount === 0)
    throw new AppError("bad_request", "Automatic top-up needs a saved card: add one first.");
}

/** Turns it off; a charge that is in progress still ends. */
export async function turnOffTopUp(accountId: string): Promise<void> {
  await accounts.updateOne(
    { _id: accountId, topUp: { $exists: true } },
    { $set: { "topUp.on": false }, $unset: { "topUp.stopped": "" } },
  );
}

/** Turns it off for a reason that its owner has to see to. Returns whether it was on. */
export async function stopTopUp({
  accountId,
  reason,
}: {
  accountId: string;
  reason: string;
}): Promise<boolean> {
  const result = await accounts.updateOne(
    { _id: accountId, "topUp.on": true },
    { $set: { "topUp.on": false, "topUp.stopped": stoppedFor(reason) } },
  );
  return result.modifiedCount === 1;
}

/**
 * Takes the right to charge the card once and counts it into the month. The account must still be as it was read: no
 * payment posted meanwhile (`seq`), no other charge in progress, the same settings. Returns whether this call took it.
 */
export async function claimTopUp(input: {
  account: Account;
  pending: PendingCharge;
  now: number;
}): Promise<boolean> {
  const { account, pending, now } = input;
  const { topUp, seq } = account;
  if (!topUp) return false;
  const month = monthOf(now);
  const monthTotal = (topUp.month.at === month ? topUp.month.charged : 0) + totalOf(pending);
  if (monthTotal > topUp.monthlyMax) return false;
  const result = await accounts.updateOne(
    {
      _id: account._id,
      seq,
      "topUp.on": true,
      "topUp.amount": topUp.amount,
      "topUp.monthlyMax": topUp.monthlyMax,
      "topUp.month.at": topUp.month.at,
      "topUp.month.charged": topUp.month.charged,
      "topUp.pending": { $exists: false },
    },
    { $set: { "topUp.pending": pending, "topUp.month": { at: month, charged: monthTotal } } },
  );
  return result.modifiedCount === 1;
}

/**
 * Ends the charge in progress. With a reason it failed: the amount is taken off the month again and top-up stays off until
 * the buyer turns it on. Returns whether this call ended it.
 */
export async function endTopUp(input: {
  accountId: string;
  pending: PendingCharge;
  failed?: string;
}): Promise<boolean> {
  const { accountId, pending, failed: failure } = input;
  const filter = { _id: accountId, "topUp.pending.purchase": pending.purchase };
  if (failure === undefined)
    return (
      (await accounts.updateOne(filter, { $unset: { "topUp.pending": "" } })).modifiedCount === 1
    );
  const stop = { "topUp.on": false, "topUp.stopped": stoppedFor(failure) };
  const inMonth = await accounts.updateOne(
    { ...filter, "topUp.month.at": monthOf(pending.at) },
    {
      $set: stop,
      $unset: { "topUp.pending": "" },
      $inc: { "topUp.month.charged": -totalOf(pending) },
    },
  );
  if (inMonth.modifiedCount === 1) return true;
  return (
    (await accounts.updateOne(filter, { $set: stop, $unset: { "topUp.pending": "" } }))
      .modifiedCount === 1
  );
}

const LEASE_MS = 120_000;

/** Takes the mail about a stop for two minutes; false when it was sent or somebody else is at it. */
export async function leaseStopMail({
  accountId,
  now,
}: {
  accountId: string;
  now: number;
}): Promise<boolean> {
  const result = await accounts.updateOne(
    { _id: accountId, "topUp.stopped.mailAt": { $lte: new Date(now) } },
    { $set: { "topUp.stopped.mailAt": new Date(now + LEASE_MS) } },
  );
  return result.modifiedCount === 1;
}

export async function markStopMailed(accountId: string): Promise<void> {
  await accounts.updateOne({ _id: accountId }, { $unset: { "topUp.stopped.mailAt": "" } });
}
