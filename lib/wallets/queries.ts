import { wallets } from "./collection";
import type { ChainName, Wallet } from "./schema";

export async function listWallets(accountId: string): Promise<Wallet[]> {
  return wallets.find({ accountId }).sort({ linkedAt: 1 }).toArray();
}

/** The account that each of these addresses (lower case) is linked to on a chain; those linked to none are left out. */
export async function findOwners({
  chain,
  addresses,
}: {
  chain: ChainName;
  addresses: string[];
}): Promise<Map<string, string>> {
  const ids = addresses.flatMap((address) => [address, `${chain}:${address}`]);
  const owners = await wallets.find({ _id: { $in: ids } }).toArray();
  const byKeyLast = owners.toSorted((a, b) => Number(a.chain === null) - Number(b.chain === null));
  return new Map(byKeyLast.map((wallet) => [wallet.address, wallet.accountId]));
}

/** Whether anyone has linked a wallet, so that there is anything to look for on chain. */
export async function hasWallets(): Promise<boolean> {
  return (await wallets.findOne({}, { projection: { _id: 1 } })) !== null;
}
