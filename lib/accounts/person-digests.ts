import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts } from "./collection";
import { foldAddress } from "./free";
import type { LinkedMethod } from "@/lib/users/schema";
import { DIGESTS_DAYS, type Account } from "./schema";

type PersonIdentity = Pick<LinkedMethod, "provider" | "subject">;

/** HMACs by which a person is recognized after their account was deleted: of each folded address and of each identity. */
export function personDigests(person: {
  email: string;
  formerEmails?: string[] | undefined;
  methods?: PersonIdentity[] | undefined;
}): string[] {
  const { email, formerEmails = [] } = person;
  const addresses = new Set([email, ...formerEmails].map(foldAddress));
  const names = [
    ...[...addresses].map((address) => `address ${address}`),
    ...(person.methods ?? []).map(({ provider, subject }) => `${provider} ${subject}`),
  ];
  return names.map((name) => digestOf(`person ${name}`, env().keyPepper));
}

/** A suspended account of the same person, deleted or under another spelling of the address. */
export async function findSuspended(digests: string[]): Promise<Account | null> {
  return accounts.findOne({
    personDigests: { $in: digests },
    suspendedAt: { $exists: true },
  });
}

/** Ends the suspension of a deleted account after it went to the person's new account, so that it is lifted only there. */
export async function moveSuspension(from: Account): Promise<void> {
  await accounts.updateOne(
    { _id: from._id, erasedAt: { $exists: true }, suspendedAt: { $exists: true } },
    { $unset: { suspendedAt: "" } },
  );
}

/** Deleted accounts of the same person that owe something and have no request in flight. */
export async function listDebtors({
  accountId,
  digests,
}: {
  accountId: string;
  digests: string[];
}): Promise<Account[]> {
  return accounts
    .find({
      _id: { $ne: accountId },
      personDigests: { $in: digests },
      erasedAt: { $exists: true },
      credits: { $lt: 0 },
      "holds.0": { $exists: false },
    })
    .toArray();
}

/** Forgets who deleted accounts were once no suspension, debt or late dispute can need it; returns how many. */
export async function forgetPersons(now: Date): Promise<number> {
  const { modifiedCount } = await accounts.updateMany(
    {
      personDigests: { $exists: true },
      erasedAt: { $exists: true },
      closing: { $exists: false },
      suspendedAt: { $exists: false },
      credits: { $gte: 0 },
      // An account without a ledger entry has nothing that could be disputed.
      $or: [{ seq: 0 }, { erasedAt: { $lt: new Date(now.getTime() - DIGESTS_DAYS * 86_400_000) } }],
    },
    { $unset: { personDigests: "" } },
  );
  return modifiedCount;
}
