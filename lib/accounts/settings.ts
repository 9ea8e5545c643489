import { AppError, isDuplicate } from "@/lib/errors";
import { nano } from "@/lib/money";
import { accounts } from "./collection";

const LIVE = { erasedAt: { $exists: false } } as const;
const notFound = () => new AppError("not_found", "There is no such account.");

/** Renames a team, or the user of a personal account. Throws not_found. */
export async function renameAccount({
  accountId,
  name,
}: {
  accountId: string;
  name: string;
}): Promise<void> {
  const result = await accounts.updateOne({ _id: accountId, ...LIVE }, { $set: { name } });
  if (result.matchedCount === 0) throw notFound();
}

/** Gives a personal account the address of its user. False when another account has it; throws not_found. */
export async function setAccountEmail({
  accountId,
  email,
}: {
  accountId: string;
  email: string;
}): Promise<boolean> {
  try {
    const result = await accounts.updateOne({ _id: accountId, ...LIVE }, { $set: { email } });
    if (result.matchedCount === 0) throw notFound();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Sets whether new projects begin with exact stream usage; the projects that exist stay as they are. Throws not_found. */
export async function setExactUsageOfNewProjects({
  accountId,
  isOn,
}: {
  accountId: string;
  isOn: boolean;
}): Promise<void> {
  const result = await accounts.updateOne(
    { _id: accountId, ...LIVE },
    { $set: { exactStreamUsage: isOn } },
  );
  if (result.matchedCount === 0) throw notFound();
}

/** $0.01 and $10,000.00 in nano-credits. */
export const ALERT_MIN = 10_000_000;
export const ALERT_MAX = 10_000_000_000_000;

/**
 * Sets the balance (nano-credits) below which an alert is mailed; null removes the alert. A balance that is already below it is
 * not mailed. Throws not_found, and bad_request outside of ALERT_MIN to ALERT_MAX.
 */
export async function setAlert({
  accountId,
  threshold,
}: {
  accountId: string;
  threshold: number | null;
}): Promise<void> {
  if (threshold === null) {
    const result = await accounts.updateOne({ _id: accountId, ...LIVE }, { $unset: { alert: "" } });
    if (result.matchedCount === 0) throw notFound();
    return;
  }
  if (threshold < ALERT_MIN || threshold > ALERT_MAX)
    throw new AppError("bad_request", "Enter an amount from $0.01 to $10,000.00, such as 5.00.", {
      param: "threshold",
    });
  for (const isArmed of [true, false]) {
    const credits = isArmed ? { $gte: threshold } : { $lt: threshold };
    const result = await accounts.updateOne(
      { _id: accountId, ...LIVE, credits },
      { $set: { alert: { threshold: nano(threshold), armed: isArmed } } },
    );
    if (result.matchedCount === 1) return;
  }
  // The account is missing, or its balance passed the threshold between the two writes.
  if (!(await accounts.findOne({ _id: accountId, ...LIVE }))) throw notFound();
  return setAlert({ accountId, threshold });
}
