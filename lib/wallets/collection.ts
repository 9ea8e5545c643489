import { collection } from "@/lib/db/collection";
import type { Wallet, WalletNonce } from "./schema";

export const wallets = collection<Wallet>("wallets");
export const walletNonces = collection<WalletNonce>("walletNonces");

export async function ensureIndexes(): Promise<void> {
  await wallets.createIndex({ accountId: 1 }, { name: "account" });
  await walletNonces.createIndex({ expires: 1 }, { expireAfterSeconds: 0, name: "expiry" });
}
