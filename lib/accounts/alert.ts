import { accounts } from "./collection";

type AlertState = { accountId: string; threshold: number };

/** Takes the one alert of this crossing; false when somebody else took it, or the amount was changed meanwhile. */
export const disarmAlert = (alert: AlertState): Promise<boolean> =>
  setArmed({ ...alert, armed: false });

/** Makes the next crossing notify the owner again. */
export const armAlert = (alert: AlertState): Promise<boolean> =>
  setArmed({ ...alert, armed: true });

async function setArmed({
  accountId,
  threshold,
  armed: isArmed,
}: AlertState & { armed: boolean }): Promise<boolean> {
  const result = await accounts.updateOne(
    { _id: accountId, "alert.threshold": threshold, "alert.armed": !isArmed },
    { $set: { "alert.armed": isArmed } },
  );
  return result.modifiedCount === 1;
}
