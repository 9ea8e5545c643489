import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { RETENTION_DAYS, type UsageRow } from "./schema";

export const usage = (): Promise<Collection<UsageRow>> => collection<UsageRow>("usage");

export async function ensureIndexes(): Promise<void> {
  const all = await usage();
  await all.createIndexes([
    { key: { accountId: 1, at: -1 }, name: "account" },
    { key: { projectId: 1, at: -1 }, name: "project" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: RETENTION_DAYS * 86_400 },
  ]);
}
