import { AppError, isDuplicate } from "@/lib/errors";
import { shortHex } from "@/lib/format";
import { wallets } from "./collection";
import { ChainName, WALLETS_MAX, type WalletAddress, type Wallet } from "./schema";

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
  address: WalletAddress;
  chain: ChainName | null;
}): Promise<Wallet> {
  const alreadyLinked = () =>
    new AppError(
      "bad_request",
      `${shortHex(address)} is linked to another account. Use another wallet.`,
    );
  // An address may have both a key and, on one chain, a contract: whoever linked the one keeps the other.
  const otherForms =
    chain === null ? ChainName.options.map((name) => `${name}:${address}`) : [address];
  if (await wallets.findOne({ _id: { $in: otherForms }, accountId: { $ne: accountId } }))
    throw alreadyLinked();
  if ((await wallets.countDocuments({ accountId })) >= WALLETS_MAX)
    throw new AppError("bad_request", `An account has at most ${WALLETS_MAX} wallets.`);
  const wallet: Wallet = {
    _id: chain === null ? address : `${chain}:${address}`,
    address,
    accountId,
    chain,
    linkedAt: new Date(),
  };
  try {
    await wallets.insertOne(wallet);
    return wallet;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const existing = await wallets.findOne({ _id: wallet._id, accountId });
    if (existing) return existing;
    throw alreadyLinked();
  }
}
