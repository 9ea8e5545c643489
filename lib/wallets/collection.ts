import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { Wallet, WalletNonce } from "./schema";

export const wallets = (): Promise<Collection<Wallet>> => collection<Wallet>("wallets");
export const walletNonces = (): Promise<Collection<WalletNonce>> =>
  collection<WalletNonce>("walletNonces");

export async function ensureIndexes(): Promise<void> {
  await (await wallets()).createIndex({ accountId: 1 }, { name: "account" });
  await (
    await walletNonces()
  ).createIndex({ expires: 1 }, { expireAfterSeconds: 0, name: "expiry" });
}
