import * as clock from "@/lib/clock";
import { accounts } from "./collection";
import type { SavedCard } from "./schema";

/** Stripe may report a card or customer after their account was deleted: nothing of them is written back. */
const LIVE = { erasedAt: { $exists: false } } as const;

/** Notes the account's customer at Stripe; the first one noted stays. Returns it. */
export async function noteCustomer({
  accountId,
  customer,
}: {
  accountId: string;
  customer: string;
}): Promise<string> {
  await accounts.updateOne(
    { ...LIVE, _id: accountId, "stripe.customer": { $exists: false } },
    { $set: { "stripe.customer": customer } },
  );
  const after = await accounts.findOne({ _id: accountId }, { projection: { stripe: 1 } });
  return after?.stripe?.customer ?? customer;
}

/** Keeps a card for automatic top-up, in the place of the one before. */
export async function saveCard({
  accountId,
  card,
}: {
  accountId: string;
  card: SavedCard;
}): Promise<void> {
  await accounts.updateOne(
    { ...LIVE, _id: accountId, "stripe.customer": { $exists: true } },
    { $set: { "stripe.card": card } },
  );
}

/** Forgets a card that was taken off its customer at Stripe; automatic top-up with it stops. */
export async function forgetCard(paymentMethod: string): Promise<void> {
  const owner = await accounts.findOne({ "stripe.card.paymentMethod": paymentMethod });
  if (!owner) return;
  // Whoever removed it knows.
  const stop = { at: new Date(clock.now()), reason: "The saved card was removed." };
  await accounts.updateOne(
    { _id: owner._id, "stripe.card.paymentMethod": paymentMethod },
    {
      $unset: { "stripe.card": "" },
      ...(owner.topUp?.on ? { $set: { "topUp.on": false, "topUp.stopped": stop } } : {}),
    },
  );
}
