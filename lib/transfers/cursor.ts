import type { ChainName } from "@/lib/wallets/schema";
import { cursors } from "./collection";

/** Remembers how far a chain has been searched. It may go back: a node that lags behind is searched again. */
export async function saveCursor({
  chain,
  block,
}: {
  chain: ChainName;
  block: number;
}): Promise<void> {
  await cursors.updateOne({ _id: chain }, { $set: { block, at: new Date() } }, { upsert: true });
}
