import type { ChainName, TokenName } from "@/lib/wallets/schema";

/**
 * The one table of what is accepted: a transfer of anything else, or by another contract, is not credited. The
 * addresses are those that the issuers publish; USDT on Base is bridged there and not issued by Tether.
 */
export const CHAINS = {
  base: {
    id: 8453,
    name: "Base",
    explorer: { name: "Basescan", url: "https://basescan.org" },
    blockMs: 2_000,
    tokens: {
      USDC: {
        address: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
        decimals: 6,
        note: "issued by Circle",
      },
      USDT: { address: "0xfde4C96c8593536E31F229EA8f37b2ADa2699bb2", decimals: 6, note: "bridged" },
    },
  },
  ethereum: {
    id: 1,
    name: "Ethereum",
    explorer: { name: "Etherscan", url: "https://etherscan.io" },
    blockMs: 12_000,
    tokens: {
      USDC: {
        address: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        decimals: 6,
        note: "issued by Circle",
      },
      USDT: {
        address: "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        decimals: 6,
        note: "issued by Tether",
      },
    },
  },
} as const satisfies Record<ChainName, ChainFacts>;

type ChainFacts = {
  id: number;
  name: string;
  explorer: { name: string; url: string };
  /** About how long a block takes. */
  blockMs: number;
  tokens: Record<TokenName, { address: `0x${string}`; decimals: 6; note: string }>;
};

/** The accepted token that a contract (in any letter case) is on a chain; null for any other contract. */
export function tokenAt(chain: ChainName, contract: string): TokenName | null {
  const address = contract.toLowerCase();
  const names: TokenName[] = ["USDC", "USDT"];
  return names.find((name) => CHAINS[chain].tokens[name].address.toLowerCase() === address) ?? null;
}

/** Nano-credits of a token's smallest unit: both tokens have six decimals and count as dollars. */
const NANO_PER_UNIT = 1_000n;

/** Nano-credits of an amount on chain; null where it is more than an account can hold. */
export function nanoOf(value: bigint): number | null {
  const amount = value * NANO_PER_UNIT;
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(amount) : null;
}
