import { now } from "@/lib/clock";
import { isDuplicate } from "@/lib/errors";
import { notices } from "./collection";
import { noticeId, type CatalogNotice } from "./schema";

type NewNotice = Pick<CatalogNotice, "accountId" | "kind" | "model" | "on" | "text">;

/** Keeps a notice unless it is there already; whether it is new. */
export async function recordNotice(notice: NewNotice): Promise<boolean> {
  try {
    await notices.insertOne({
      _id: noticeId(notice),
      ...notice,
      at: new Date(now()),
      mailedAt: null,
      dismissedAt: null,
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Takes notices for one mail; those that another process has taken are left out. */
export async function takeForMail(ids: string[]): Promise<string[]> {
  const noticeIds: string[] = [];
  for (const _id of ids) {
    const { modifiedCount } = await notices.updateOne(
      { _id, mailedAt: null },
      { $set: { mailedAt: new Date(now()) } },
    );
    if (modifiedCount === 1) noticeIds.push(_id);
  }
  return noticeIds;
}

/** Gives back what could not be mailed. */
export async function returnUnmailed(ids: string[]): Promise<void> {
  await notices.updateMany({ _id: { $in: ids } }, { $set: { mailedAt: null } });
}

/** Hides the notices of an account's dashboard that it has seen. */
export async function dismissNotices({
  accountId,
  ids,
}: {
  accountId: string;
  ids: string[];
}): Promise<void> {
  await notices.updateMany(
    { _id: { $in: ids }, accountId, dismissedAt: null },
    { $set: { dismissedAt: new Date(now()) } },
  );
}

/** Removes the notices of a deleted account. */
export async function eraseNotices(accountId: string): Promise<void> {
  await notices.deleteMany({ accountId });
}
