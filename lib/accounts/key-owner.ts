import { now } from "@/lib/clock";
import { accountLimits, type AccountLimits } from "./account-window";
import { expiryOf, invalidKey, refuseAddress, refuseExpired, refuseOrigin } from "./key-rules";
import { readKey, recallKey, type KeyScope } from "./seen-accounts";

/** Whose key a request presents. It authorizes nothing: revocation is seen by the hold's own write. */
export type KeyOwner = {
  accountId: string;
  limits: AccountLimits;
  /** Whether the database was asked just now; else the owner is as this instance last saw it. */
  isFresh: boolean;
};

type PresentedKey = { digest: string; address: string; origin: string | undefined };

/** The owner of a key, from memory where this instance has seen its digest. Throws invalid_key, and forbidden for the address. */
export async function findKeyOwner(secret: PresentedKey): Promise<KeyOwner> {
  const scope = recallKey(secret.digest);
  const isKnown = scope && (expiryOf(scope, secret.digest) ?? Infinity) > now();
  return isKnown ? ownerOf(scope, false) : readKeyOwner(secret);
}

/** The same from the database: a key that was revoked, rotated or suspended meanwhile, or has expired, is refused. */
export async function readKeyOwner(secret: PresentedKey): Promise<KeyOwner> {
  return ownerOf(await readKeyScope(secret), true);
}

/** What a key stands for, from the database. Throws invalid_key, and forbidden for the address. */
export async function readKeyScope({ digest, address, origin }: PresentedKey): Promise<KeyScope> {
  const scope = await readKey(digest);
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
