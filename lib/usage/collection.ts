import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { UsageRow } from "./schema";

export const usage = (): Promise<Collection<UsageRow>> => collection<UsageRow>("usage");

export async function ensureIndexes(): Promise<void> {
  const all = await usage();
  await all.createIndexes([
    { key: { accountId: 1, at: -1 }, name: "account" },
    { key: { projectId: 1, at: -1 }, name: "project" },
  ]);
}
