import { isDuplicate } from "@/lib/errors";
import { purchases } from "./collection";
import type { Purchase } from "./schema";

/** Opens a purchase; one that is there already stays as it is. */
export async function openPurchase(purchase: Purchase): Promise<void> {
  try {
    await purchases.insertOne(purchase);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

type PurchaseChange = { checkout?: string; paymentIntent?: string; processing?: boolean };

/** Notes what became known of a purchase that is still open. */
export async function notePurchase({
  id,
  ...change
}: { id: string } & PurchaseChange): Promise<void> {
  await purchases.updateOne({ _id: id, status: "open" }, { $set: change });
}

const FIRST_CHECK_MS = 15_000;
const LAST_CHECK_MS = 6 * 3_600_000;

/** When a purchase is asked about after so many checks: at twice the distance each time, up to every six hours. */
export function nextCheck({ now, checks }: { now: number; checks: number }): Date {
  return new Date(now + Math.min(FIRST_CHECK_MS * 2 ** checks, LAST_CHECK_MS));
}

/** Takes a purchase for a check and sets the next one; false when somebody else took it. */
export async function takeCheck({
  purchase,
  now,
}: {
  purchase: Purchase;
  now: number;
}): Promise<boolean> {
  const { _id, checks } = purchase;
  const result = await purchases.updateOne(
    { _id, status: "open", checks },
    { $set: { checkAt: nextCheck({ now, checks: checks + 1 }) }, $inc: { checks: 1 } },
  );
  return result.modifiedCount === 1;
}
