import { isHex, type RpcLog } from "viem";
import { z } from "zod";
import type { ChainName } from "@/lib/wallets/schema";
import { transferEvents, type TransferEvent } from "./events";
import { CHAINS } from "./tokens";

const TIMEOUT_MS = 10_000;
const hex = z.custom<`0x${string}`>((value) => isHex(value));
const Answer = z.object({
  result: z.object({
    status: hex,
    blockHash: hex,
    logs: z.array(z.object({ address: hex, topics: z.array(hex), data: hex })),
  }),
});

type ExplorerQuery = { chain: ChainName; hash: string; explorer: { url: string; key: string } };

/**
 * The same transaction as Etherscan's API reports it (one address serves Basescan and Etherscan); null when it does not
 * answer or does not know the transaction yet.
 */
export async function readFromExplorer({ chain, hash, explorer }: ExplorerQuery): Promise<{
  reverted: boolean;
  blockHash: string;
  events: TransferEvent[];
} | null> {
  const query = new URLSearchParams({
    chainid: String(CHAINS[chain].id),
    module: "proxy",
    action: "eth_getTransactionReceipt",
    txhash: hash,
    apikey: explorer.key,
  });
  try {
    const answer = await fetch(`${explorer.url}?${query}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { result } = Answer.parse(await answer.json());
    return {
      reverted: BigInt(result.status) !== 1n,
      blockHash: result.blockHash,
      // Of a log, only what the events are decoded from was asked for and checked.
      events: transferEvents(result.logs as RpcLog[]),
    };
  } catch {
    return null;
  }
}
