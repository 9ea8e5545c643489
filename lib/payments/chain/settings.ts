import { createPublicClient, defineChain, http, type PublicClient } from "viem";
import { env } from "@/lib/env";
import type { ChainName } from "@/lib/wallets/schema";
import { CHAINS } from "./tokens";

const ETHERSCAN_URL = "https://api.etherscan.io/v2/api";
const CALL_TIMEOUT_MS = 10_000;

export type ChainSettings = {
  /** In lower case. */
  treasury: `0x${string}`;
  rpcUrls: Record<ChainName, string | null>;
  confirmations: Record<ChainName, number>;
  /** Nano-credits from which a transaction waits until its block is final. */
  finalizedFrom: number;
  explorer: { url: string; key: string } | null;
};

/** How payments on chain are set up on this server; null where they are off. */
export function chainSettings(): ChainSettings | null {
  const { chain } = env();
  if (chain === null) return null;
  return {
    treasury: chain.treasuryAddress.toLowerCase() as `0x${string}`,
    rpcUrls: { base: chain.baseRpcUrl, ethereum: chain.ethereumRpcUrl },
    confirmations: chain.confirmations,
    finalizedFrom: chain.finalizedFrom,
    explorer:
      chain.etherscanApiKey === null ? null : { url: ETHERSCAN_URL, key: chain.etherscanApiKey },
  };
}

/** The chains that this server has a node for. */
export function enabledChains({ rpcUrls }: ChainSettings): ChainName[] {
  const names: ChainName[] = ["base", "ethereum"];
  return names.filter((name) => rpcUrls[name] !== null);
}

/** Nothing is remembered between calls: a cached block number would hold confirmations still. */
export function clientOf({ chain, url }: { chain: ChainName; url: string }): PublicClient {
  return createPublicClient({
    chain: defineChain({
      id: CHAINS[chain].id,
      name: CHAINS[chain].name,
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [url] } },
    }),
    transport: http(url, { timeout: CALL_TIMEOUT_MS, retryCount: 1 }),
    cacheTime: 0,
  });
}
