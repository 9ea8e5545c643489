import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { OperatorAction } from "./schema";

export const operatorActions = (): Promise<Collection<OperatorAction>> =>
  collection<OperatorAction>("acts");

export async function ensureIndexes(): Promise<void> {
  await (
    await operatorActions()
  ).createIndexes([
    { key: { at: -1, _id: -1 }, name: "newest" },
    { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
  ]);
}
