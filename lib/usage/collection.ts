import type { Document } from "mongodb";
import { collection, type CollectionHandle } from "@/lib/db/collection";
import type { PackedInsights } from "./packed-insights";
import { DAY_MS, RETENTION_DAYS, type RollUpState, type UsageDay, type UsageRow } from "./schema";

export const USAGE = "usage";
export const usage = collection<UsageRow>(USAGE);
export const days = collection<UsageDay>("days");
/** One document an account and day, and for the last days one an hour: see `insights.ts`. */
export const insightDays = collection<PackedInsights>("insightdays");
export const insightHours = collection<PackedInsights>("insighthours");
/** How far each roll-up has come: "days" or "insights". */
export const rollUps = <State extends Document = RollUpState>(): CollectionHandle<State> =>
  collection<State>("rollups");

export async function ensureIndexes(): Promise<void> {
  await usage.createIndexes([
    // The identifier parts rows of the same instant, so that a page ends between two rows and not within an instant.
    { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
    { key: { projectId: 1, at: -1 }, name: "project" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: (RETENTION_DAYS * DAY_MS) / 1000 },
  ]);
  await days.createIndexes([
    { key: { accountId: 1, day: 1 }, name: "account" },
    { key: { day: 1 }, name: "day" },
  ]);
  const byAccount = { key: { accountId: 1, at: 1 }, name: "account" } as const;
  const expiry = (days: number) =>
    ({ key: { at: 1 }, name: "expiry", expireAfterSeconds: (days * DAY_MS) / 1000 }) as const;
  await insightDays.createIndexes([byAccount, expiry(RETENTION_DAYS + 1)]);
  await insightHours.createIndexes([byAccount, expiry(9)]);
}
