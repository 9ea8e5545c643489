import { z } from "zod";

/** The chains that payments come over, by the name that records and addresses use. */
export const ChainName = z.enum(["base", "ethereum"]);
export type ChainName = z.infer<typeof ChainName>;

export const TokenName = z.enum(["USDC", "USDT"]);
export type TokenName = z.infer<typeof TokenName>;

/** An address in lower case, as it is stored and compared. */
export const WalletAddress = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "The address must be 0x and 40 hexadecimal digits.")
  .transform((value) => value.toLowerCase() as `0x${string}`);
export type WalletAddress = z.infer<typeof WalletAddress>;

export const TransactionHash = z
  .string()
  .trim()
  .regex(/^0x[0-9a-fA-F]{64}$/i, "The transaction hash must be 0x and 64 hexadecimal digits.")
  .transform((value) => value.toLowerCase() as `0x${string}`);
export type TransactionHash = z.infer<typeof TransactionHash>;

export const Wallet = z.object({
  /**
   * The address; for a contract wallet `chain:address`, because who controls a contract on one chain may not control
   * the one at the same address on another.
   */
  _id: z.string(),
  address: z.string(),
  accountId: z.string(),
  /** Null where a key signs for the address on every chain; for a contract wallet the chain it responded on. */
  chain: ChainName.nullable(),
  linkedAt: z.date(),
});
export type Wallet = z.infer<typeof Wallet>;

export const WalletNonce = z.object({ _id: z.string(), accountId: z.string(), expires: z.date() });
export type WalletNonce = z.infer<typeof WalletNonce>;

/** How long a message to sign stays good. */
export const NONCE_MINUTES = 10;
export const WALLETS_MAX = 20;
