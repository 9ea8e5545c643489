import type { ChainName } from "@/lib/wallets/schema";
import { transfers } from "./collection";
import type { TransferReason, Transfer } from "./schema";

/** Refusals that the chain, or a wallet linked since, may have overtaken. */
const OVERTAKEN: TransferReason[] = ["not_found", "reverted", "no_transfer", "not_yours"];

type TransferOpening = Pick<Transfer, "accountId" | "chain" | "hash" | "expected">;

/**
 * Puts a transaction under watch for an account, once; `hash` is in lower case. A transfer in progress or credited stays
 * as it is, and a refusal is taken up again where it may have been overtaken.
 */
export async function openTransfer(
  { accountId, chain, hash, expected: expectedPart }: TransferOpening,
  now = new Date(),
): Promise<Transfer | null> {
  const _id = transferId({ accountId, chain, hash });
  const fresh: Omit<Transfer, "_id"> = {
    accountId,
    chain,
    hash,
    expected: expectedPart,
    state: "sent",
    reason: null,
    parts: [],
    confirmations: 0,
    needed: 0,
    final: false,
    sentAt: now,
    seenAt: null,
    endedAt: null,
    checkAt: now,
  };
  await transfers.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
  await transfers.updateOne(
    { _id, state: "refused", reason: { $in: OVERTAKEN } },
    { $set: { state: "sent", reason: null, sentAt: now, endedAt: null, checkAt: now } },
  );
  return transfers.findOne({ _id });
}

export function transferId({
  accountId,
  chain,
  hash,
}: {
  accountId: string;
  chain: ChainName;
  hash: string;
}): string {
  return `${accountId}/${chain}/${hash}`;
}
