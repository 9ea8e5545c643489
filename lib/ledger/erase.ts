import { ledger } from "./collection";

/** Takes from an account's entries who they were billed to; amounts and sources stay. */
export async function eraseBilling(accountId: string): Promise<void> {
  await ledger.updateMany(
    { accountId, "stripe.billing": { $exists: true } },
    { $unset: { "stripe.billing": "" } },
  );
}
