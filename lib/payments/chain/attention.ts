import { AppError } from "@/lib/errors";
import { findById } from "@/lib/accounts/queries";
import { recorded } from "@/lib/operator-actions/record";
import { log } from "@/lib/log";
import { openTransfer } from "@/lib/transfers/open";
import { findUnmatched, listUnmatchedFrom, listWaitingUnmatched } from "@/lib/transfers/queries";
import type { UnmatchedTransfer } from "@/lib/transfers/schema";
import { markAssigned } from "@/lib/transfers/unmatched";
import type { WalletAddress, ChainName } from "@/lib/wallets/schema";
import { creditParts } from "./credit";
import { paymentsTo } from "./classify-transfer";
import { explain } from "./reasons";
import { readTransaction } from "./read";
import { chainSettings } from "./settings";
import { CHAINS, nanoOf } from "./tokens";

const LISTED_MAX = 200;

export type UnmatchedView = Pick<
  UnmatchedTransfer,
  "chain" | "hash" | "token" | "from" | "amount" | "foundAt"
> & {
  id: string;
  chainName: string;
  transactionUrl: string;
  senderUrl: string;
};

/** Transfers to the treasury from senders that no account has linked, the oldest first. */
export async function listNeedingAttention(): Promise<UnmatchedView[]> {
  return (await listWaitingUnmatched(LISTED_MAX)).map(
    ({ _id, chain, hash, token, from, amount, foundAt }) => {
      const { name, explorer } = CHAINS[chain];
      return {
        id: _id,
        chain,
        hash,
        token,
        from,
        amount,
        foundAt,
        chainName: name,
        transactionUrl: `${explorer.url}/tx/${hash}`,
        senderUrl: `${explorer.url}/address/${from}`,
      };
    },
  );
}

/**
 * Credits an unmatched transfer to the account that the operator names, after reading it on chain once more. Refused with the
 * reason when the chain no longer shows it as it was found, or when it was credited before.
 */
export async function assignTransfer({
  id,
  accountId,
  operator,
}: {
  id: string;
  accountId: string;
  /** The operator's account; null on the command line. */
  operator: string | null;
}): Promise<void> {
  const transfer = await findUnmatched(id);
  if (transfer === null) throw new AppError("not_found", "There is no such transfer.");
  if ((await findById(accountId)) === null)
    throw new AppError("not_found", "There is no such account.");
  const { amount } = transfer;
  await recorded({ what: "assign", operator, accountId, amount, entry: id }, () =>
    assign({ transfer, accountId, assignedBy: operator ?? "command line" }),
  );
  log.info("transfer.assigned", { accountId });
}

/** False when it was assigned before. */
async function assign({
  transfer,
  accountId,
  assignedBy,
}: {
  transfer: UnmatchedTransfer;
  accountId: string;
  assignedBy: string;
}): Promise<boolean> {
  const { _id: id, chain, ordinal, token, from } = transfer;
  const refuse = (why: string) => new AppError("bad_request", why);
  const settings = chainSettings();
  const url = settings?.rpcUrls[chain] ?? null;
  if (settings === null || url === null)
    throw new AppError("unavailable", "Payments over this chain are off.");
  const hash = transfer.hash as `0x${string}`;
  const reading = await readTransaction({ chain, url, hash });
  if (reading.is === "unreachable" || reading.is === "wrong_chain")
    throw new AppError("unavailable", explain({ reason: reading.is, chain, ended: false }));
  if (reading.is !== "mined" || reading.reverted || !reading.canonical)
    throw refuse("The chain no longer shows this transfer. Nothing was credited.");
  if (reading.confirmations < settings.confirmations[chain])
    throw refuse(
      `The transfer has ${reading.confirmations} of ${settings.confirmations[chain]} confirmations.`,
    );
  const payment = paymentsTo({ events: reading.events, chain, treasury: settings.treasury }).find(
    (event) => event.ordinal === ordinal && event.token === token && event.from === from,
  );
  const amount = payment === undefined ? null : nanoOf(payment.value);
  if (amount === null)
    throw refuse("The chain does not show this transfer as it was found. Nothing was credited.");
  const refusal = await creditParts({
    accountId,
    chain,
    hash,
    block: reading.block,
    to: settings.treasury,
    parts: [{ ordinal, token, from, amount }],
  });
  if (refusal !== null) throw refuse(explain({ reason: refusal, chain, ended: true }));
  return markAssigned({ id, accountId, assignedBy });
}

/** What waits from a wallet that an account has now proven to be its own is the account's. */
export async function claimUnmatched(match: {
  accountId: string;
  address: WalletAddress;
  chain: ChainName | null;
}): Promise<void> {
  const { accountId, address, chain } = match;
  for (const transfer of await listUnmatchedFrom(address)) {
    if (chain !== null && chain !== transfer.chain) continue;
    await openTransfer({ accountId, chain: transfer.chain, hash: transfer.hash, expected: null });
    await markAssigned({ id: transfer._id, accountId, assignedBy: accountId });
  }
}
