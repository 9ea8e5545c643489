import { now } from "@/lib/clock";
import { accountLimits, type AccountLimits } from "./account-window";
import { expiryOf, invalidKey, refuseAddress, refuseExpired, refuseOrigin } from "./key-rules";
import { readLatestKey, recallKey, type KeyScope } from "./seen-accounts";

/** Whose key a request presents. It authorizes nothing: revocation is seen by the hold's own write. */
export type KeyOwner = {
  accountId: string;
  limits: AccountLimits;
  /** Whether the database was asked just now; else the owner is as this instance last saw it. */
  isFresh: boolean;
};

type PresentedKey = { digest: string; address: string; origin: string | undefined };

/** The owner of a key as this instance last saw it; null for a digest that it has not seen, and for one that has expired. */
export function recallKeyOwner(digest: string): KeyOwner | null {
  const scope = recallKey(digest);
  const isLive = scope !== null && (expiryOf(scope, digest) ?? Infinity) > now();
  return isLive ? ownerOf(scope, false) : null;
}

/**
 * The owner of a key from the database: a key that was revoked, rotated or suspended meanwhile, or has expired, is refused.
 * Throws invalid_key, and forbidden for the address.
 */
export async function readKeyOwner(secret: PresentedKey): Promise<KeyOwner> {
  return ownerOf(await readKeyScope(secret), true);
}

/** What a key stands for, from the database. Throws invalid_key, and forbidden for the address. */
export async function readKeyScope({ digest, address, origin }: PresentedKey): Promise<KeyScope> {
  const scope = await readLatestKey(digest);
  if (!scope) throw invalidKey();
  refuseExpired({ scope, digest, now: now() });
  refuseAddress({ scope, address });
  refuseOrigin({ scope, origin });
  return scope;
}

const ownerOf = ({ account }: KeyScope, isFresh: boolean): KeyOwner => ({
  accountId: account._id,
  limits: accountLimits(account),
  isFresh,
});
