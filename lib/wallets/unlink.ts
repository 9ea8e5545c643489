import { wallets } from "./collection";

/** Forgets the wallets of an account. */
export async function unlinkWallets(accountId: string): Promise<void> {
  await wallets.deleteMany({ accountId });
}
