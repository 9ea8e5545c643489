import { notices } from "./collection";
import type { CatalogNotice } from "./schema";

const SHOWN_MAX = 20;

/** An account's notices that it has not dismissed, the nearest day first. */
export async function listNotices(accountId: string): Promise<CatalogNotice[]> {
  return notices.find({ accountId, dismissedAt: null }).sort({ on: 1 }).limit(SHOWN_MAX).toArray();
}

/** Notices that no mail has gone out for. */
export async function listUnmailed(): Promise<CatalogNotice[]> {
  return notices.find({ mailedAt: null }).sort({ at: 1 }).limit(10_000).toArray();
}
