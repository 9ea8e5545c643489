import { ledger } from "./collection";

/** The sum (nano-credits) and number of an account's applied entries. */
export async function sumPosted(accountId: string): Promise<{ amount: number; entries: number }> {
  const all = await (await ledger()).find({ accountId, applied: true }).toArray();
  return { amount: all.reduce((sum, entry) => sum + entry.amount, 0), entries: all.length };
}
