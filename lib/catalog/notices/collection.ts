import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { NOTICE_DAYS, type CatalogNotice } from "./schema";

export const notices = (): Promise<Collection<CatalogNotice>> =>
  collection<CatalogNotice>("catalogNotices");

export async function ensureIndexes(): Promise<void> {
  await (
    await notices()
  ).createIndexes([
    { key: { accountId: 1, on: 1 }, name: "account" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: NOTICE_DAYS * 86_400 },
  ]);
}
