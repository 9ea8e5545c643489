import { purchases } from "./collection";
import type { Purchase } from "./schema";

type PurchaseEnding = {
  id: string;
  status: Exclude<Purchase["status"], "open">;
  reason?: string;
  entry?: string;
};

/** Ends a purchase. What was credited stays credited, whatever arrives later. Returns whether this call ended it. */
export async function closePurchase({
  id,
  status,
  reason,
  entry,
}: PurchaseEnding): Promise<boolean> {
  const from = status === "posted" ? { $ne: "posted" as const } : ("open" as const);
  const result = await purchases.updateOne(
    { _id: id, status: from },
    {
      $set: {
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(entry === undefined ? {} : { entry }),
        ...(status === "attention" ? {} : { closedAt: new Date() }),
      },
      $unset: { checkAt: "", processing: "", ...(reason === undefined ? { reason: "" } : {}) },
    },
  );
  return result.modifiedCount === 1;
}
