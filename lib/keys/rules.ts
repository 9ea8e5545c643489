import { AppError } from "@/lib/errors";
import { KEY_ADDRESSES_MAX, KEY_MODELS_MAX } from "./schema";

type KeyRules = {
  expiresAt?: Date | undefined;
  models?: string[] | undefined;
  addresses?: string[] | undefined;
  now: number;
};

const EXPIRY_YEARS_MAX = 10;
const YEAR_MS = 366 * 86_400_000;

/** Throws bad_request for an expiry that is over or too far off, and for lists that are empty or too long. */
export function checkRules({ expiresAt, models, addresses, now }: KeyRules): void {
  if (expiresAt && !(expiresAt.getTime() > now))
    throw wrong("expiresAt", "The key would have expired already. Choose a later time.");
  if (expiresAt && expiresAt.getTime() > now + EXPIRY_YEARS_MAX * YEAR_MS)
    throw wrong("expiresAt", `A key expires within ${EXPIRY_YEARS_MAX} years, or never.`);
  if (models && (models.length === 0 || models.length > KEY_MODELS_MAX))
    throw wrong("models", `A key lists 1 to ${KEY_MODELS_MAX} models, or allows all.`);
  if (addresses && (addresses.length === 0 || addresses.length > KEY_ADDRESSES_MAX))
    throw wrong("addresses", `A key lists 1 to ${KEY_ADDRESSES_MAX} addresses, or allows any.`);
}

const wrong = (param: string, message: string) => new AppError("bad_request", message, { param });
