import { TransactionNotFoundError, TransactionReceiptNotFoundError, type PublicClient } from "viem";
import type { ChainName } from "@/lib/wallets/schema";
import { transferEvents, type TransferEvent } from "./events";
import { clientOf } from "./settings";
import { CHAINS } from "./tokens";

/** What a node says of a transaction. Only "mined" can lead to credits. */
export type TransactionReading =
  | { is: "unreachable" }
  /** The node serves another chain than the configured one. */
  | { is: "wrong_chain" }
  | { is: "unknown" }
  /** Known to the node, and in no block yet. */
  | { is: "waiting" }
  | {
      is: "mined";
      reverted: boolean;
      block: number;
      blockHash: string;
      /** Whether the block at that height is the receipt's: false while the chain reorganises. */
      canonical: boolean;
      confirmations: number;
      /** Whether the chain says that the block is final. */
      final: boolean;
      events: TransferEvent[];
    };

type TransactionQuery = { chain: ChainName; url: string; hash: `0x${string}` };

/** Reads a transaction from the chain's node. Never throws: what went wrong with the node is a reading too. */
export async function readTransaction({
  chain,
  url,
  hash,
}: TransactionQuery): Promise<TransactionReading> {
  const client = clientOf({ chain, url });
  try {
    if ((await client.getChainId()) !== CHAINS[chain].id) return { is: "wrong_chain" };
    const receipt = await client.getTransactionReceipt({ hash }).catch(missing);
    if (receipt === null || receipt.transactionHash.toLowerCase() !== hash) {
      const transaction = await client.getTransaction({ hash }).catch(missing);
      return { is: transaction === null ? "unknown" : "waiting" };
    }
    const [head, block] = await Promise.all([
      client.getBlockNumber(),
      client.getBlock({ blockNumber: receipt.blockNumber }),
    ]);
    return {
      is: "mined",
      reverted: receipt.status !== "success",
      block: Number(receipt.blockNumber),
      blockHash: receipt.blockHash,
      canonical: block.hash === receipt.blockHash,
      confirmations: Math.max(0, Number(head - receipt.blockNumber) + 1),
      final: await isFinal(client, receipt.blockNumber),
      events: transferEvents(receipt.logs),
    };
  } catch {
    return { is: "unreachable" };
  }
}

/** A node without the tag knows of nothing final: what must be final then waits. */
async function isFinal(client: PublicClient, blockNumber: bigint): Promise<boolean> {
  const last = await client.getBlock({ blockTag: "finalized" }).catch(() => null);
  return last !== null && blockNumber <= last.number;
}

function missing(error: unknown): null {
  if (error instanceof TransactionReceiptNotFoundError || error instanceof TransactionNotFoundError)
    return null;
  throw error;
}
