import { AppError, isDuplicate } from "@/lib/errors";
import { wallets } from "./collection";
import { shortHex, WALLETS_MAX, type Address, type ChainName, type Wallet } from "./schema";

/**
 * Links a wallet whose signature was checked. One wallet belongs to one account: one that is linked to another is
 * refused, and linking one's own again changes nothing.
 */
export async function linkWallet({
  accountId,
  address,
  chain,
}: {
  accountId: string;
  address: Address;
  chain: ChainName | null;
}): Promise<Wallet> {
  const all = await wallets();
  if ((await all.countDocuments({ accountId })) >= WALLETS_MAX)
    throw new AppError("bad_request", `An account has at most ${WALLETS_MAX} wallets.`);
  const wallet: Wallet = {
    _id: chain === null ? address : `${chain}:${address}`,
    address,
    accountId,
    chain,
    linkedAt: new Date(),
  };
  try {
    await all.insertOne(wallet);
    return wallet;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const linked = await all.findOne({ _id: wallet._id, accountId });
    if (linked) return linked;
    throw new AppError("bad_request", `${shortHex(address)} is linked to another account. Use another wallet.`, {
      cause: error,
    });
  }
}
