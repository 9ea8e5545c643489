import { env } from "@/lib/env";
import type { ChainDetails } from "@/lib/ledger/schema";
import { CHAINS } from "@/lib/payments/chain/tokens";

/** Where anyone can look a transaction up; null in the sandbox, whose chains nobody else knows. */
export const explorerLink = ({ chain, hash }: ChainDetails): string | null =>
  env().mode === "sandbox" ? null : `${CHAINS[chain].explorer.url}/tx/${hash}`;
