import { collection } from "@/lib/db/collection";
import { NOTICE_DAYS, type CatalogNotice } from "./schema";

export const notices = collection<CatalogNotice>("catalogNotices");

export async function ensureIndexes(): Promise<void> {
  await notices.createIndexes([
    { key: { accountId: 1, on: 1 }, name: "account" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: NOTICE_DAYS * 86_400 },
  ]);
}
