import { AppError } from "@/lib/errors";
import type { ChainName } from "@/lib/wallets/schema";
import { chainSettings, clientOf } from "./settings";
import { CHAINS } from "./tokens";

/** The hash of a chain's first block, which distinguishes a wallet on the real chain from one on the sandbox's. */
export async function genesisHash(chain: ChainName): Promise<string> {
  const url = chainSettings()?.rpcUrls[chain] ?? null;
  if (url === null)
    throw new AppError(
      "unavailable",
      `Payments over ${CHAINS[chain].name} are off on this server.`,
    );
  try {
    return (await clientOf({ chain, url }).getBlock({ blockNumber: 0n })).hash;
  } catch (error) {
    throw new AppError(
      "unavailable",
      `The ${CHAINS[chain].name} node does not answer. Try again in a minute.`,
      {
        cause: error,
      },
    );
  }
}
