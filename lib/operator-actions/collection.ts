import { collection } from "@/lib/db/collection";
import type { OperatorAction } from "./schema";

export const operatorActions = collection<OperatorAction>("acts");

export async function ensureIndexes(): Promise<void> {
  await operatorActions.createIndexes([
    { key: { at: -1, _id: -1 }, name: "newest" },
    { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
  ]);
}
