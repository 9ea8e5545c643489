import { accountLimits, type AccountLimits } from "./account-window";
import { invalidKey, refuseAddress, refuseOrigin } from "./refusals";
import type { Account } from "./schema";
import { readAccount, recallAccount } from "./seen-accounts";

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
  const account = recallAccount(secret.digest);
  const isKnown = account?.projects.some(({ key }) => key?.digest === secret.digest);
  return account && isKnown ? ownerOf(account, false) : readKeyOwner(secret);
}

/** The same from the database: a key that was revoked, regenerated or suspended meanwhile is refused. */
export async function readKeyOwner({ digest, address, origin }: PresentedKey): Promise<KeyOwner> {
  const account = await readAccount(digest);
  const project = account?.projects.find(({ key }) => key?.digest === digest);
  if (!account || !project) throw invalidKey();
  refuseAddress({ project, address });
  refuseOrigin({ project, origin });
  return ownerOf(account, true);
}

const ownerOf = (account: Account, isFresh: boolean): KeyOwner => ({
  accountId: account._id,
  limits: accountLimits(account),
  isFresh,
});
