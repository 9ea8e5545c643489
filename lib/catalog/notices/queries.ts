import { notices } from "./collection";
import { noticeId, type CatalogNotice } from "./schema";

const SHOWN_MAX = 20;

/** An account's notices that it has not dismissed, the nearest day first. */
export async function listNotices(accountId: string): Promise<CatalogNotice[]> {
  return notices.find({ accountId, dismissedAt: null }).sort({ on: 1 }).limit(SHOWN_MAX).toArray();
}

/** Whether an account has a notice of a change, dismissed or not. */
export async function hasNotice(
  change: Pick<CatalogNotice, "accountId" | "kind" | "model" | "on">,
): Promise<boolean> {
  const filter = { _id: noticeId(change) };
  return (await notices.findOne(filter, { projection: { _id: 1 } })) !== null;
}

/** Notices that no mail has gone out for. */
export async function listUnmailed(): Promise<CatalogNotice[]> {
  return notices.find({ mailedAt: null }).sort({ at: 1 }).limit(10_000).toArray();
}
