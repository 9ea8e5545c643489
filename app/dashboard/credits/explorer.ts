import { env } from "@/lib/env";
import type { ChainDetails } from "@/lib/ledger/schema";
import { CHAINS } from "@/lib/payments/chain/tokens";

/** The block explorer's URL of a transaction; null in the sandbox, whose chains are local. */
export const explorerLink = ({ chain, hash }: ChainDetails): string | null =>
  env().mode === "sandbox" ? null : `${CHAINS[chain].explorer.url}/tx/${hash}`;
