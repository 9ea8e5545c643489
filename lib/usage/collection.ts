import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { DAY_MS, RETENTION_DAYS, type RollUpState, type UsageDay, type UsageRow } from "./schema";

export const USAGE = "usage";
export const usage = (): Promise<Collection<UsageRow>> => collection<UsageRow>(USAGE);
export const days = (): Promise<Collection<UsageDay>> => collection<UsageDay>("days");
export const rollUps = (): Promise<Collection<RollUpState>> => collection<RollUpState>("rollups");

export async function ensureIndexes(): Promise<void> {
  await (
    await usage()
  ).createIndexes([
    // The identifier parts rows of the same instant, so that a page ends between two rows and not within an instant.
    { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
    { key: { projectId: 1, at: -1 }, name: "project" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: (RETENTION_DAYS * DAY_MS) / 1000 },
  ]);
  await (await days()).createIndexes([{ key: { accountId: 1, day: 1 }, name: "account" }]);
}
