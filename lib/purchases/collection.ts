import { collection } from "@/lib/db/collection";
import { CLOSED_DAYS, type Purchase } from "./schema";

export const purchases = collection<Purchase>("purchases");

export async function ensureIndexes(): Promise<void> {
  await purchases.createIndexes([
    { key: { accountId: 1, createdAt: -1 }, name: "account" },
    { key: { status: 1, checkAt: 1 }, name: "due" },
    { key: { closedAt: 1 }, name: "expiry", expireAfterSeconds: CLOSED_DAYS * 86_400 },
  ]);
}
