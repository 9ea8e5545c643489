import { randomBytes } from "node:crypto";
import { walletNonces } from "./collection";
import { NONCE_MINUTES, type WalletNonce } from "./schema";

/** A nonce that this account may use once, within ten minutes, in a message that links a wallet. */
export async function createNonce(accountId: string, now = Date.now()): Promise<WalletNonce> {
  const nonce: WalletNonce = {
    _id: randomBytes(16).toString("hex"),
    accountId,
    expires: new Date(now + NONCE_MINUTES * 60_000),
  };
  await walletNonces.insertOne(nonce);
  return nonce;
}

/** Uses a nonce up; false when it was used before, is another account's, or its time is over. */
export async function consumeNonce({
  accountId,
  nonce,
  now = Date.now(),
}: {
  accountId: string;
  nonce: string;
  now?: number;
}): Promise<boolean> {
  const nonceRecord = await walletNonces.deleteOne({
    _id: nonce,
    accountId,
    expires: { $gt: new Date(now) },
  });
  return nonceRecord.deletedCount === 1;
}
