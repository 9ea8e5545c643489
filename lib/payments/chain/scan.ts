import { parseAbiItem, type PublicClient } from "viem";
import { log } from "@/lib/log";
import { saveCursor } from "@/lib/transfers/cursor";
import { openTransfer } from "@/lib/transfers/open";
import { findCursor, findKnownHashes } from "@/lib/transfers/queries";
import { sourceIdOf } from "@/lib/transfers/schema";
import { recordUnmatched } from "@/lib/transfers/unmatched";
import { findOwners } from "@/lib/wallets/queries";
import type { ChainName } from "@/lib/wallets/schema";
import { paymentsTo } from "./classify-transfer";
import { readTransaction } from "./read";
import { chainSettings, clientOf, type ChainSettings } from "./settings";
import { CHAINS, nanoOf } from "./tokens";

const TRANSFER = parseAbiItem(
  "event Transfer(address indexed from, address indexed to, uint256 value)",
);
/** Nodes refuse to search more in one call. */
const SCAN_BLOCKS_MAX = 1_000n;
const ROUNDS_MAX = 20;
/** Blocks searched again each time, beyond the confirmations: what a reorganisation moved is found where it went. */
const MARGIN = 32;

/**
 * Finds transfers to the treasury that no page reported, from where the last search ended. One from a linked wallet is
 * put under watch for its account; one from an unknown sender waits for the operator once it is confirmed. Finding the
 * same transfer again changes nothing, so the cursor may stop anywhere.
 */
export async function scanChain(chain: ChainName, settings = chainSettings()): Promise<void> {
  const url = settings?.rpcUrls[chain] ?? null;
  if (settings === null || url === null) return;
  const client = clientOf({ chain, url });
  if ((await client.getChainId()) !== CHAINS[chain].id)
    return log.error("chain.wrong_id", { chain });
  const head = await client.getBlockNumber();
  const margin = BigInt(settings.confirmations[chain] + MARGIN);
  const cursor = await findCursor(chain);
  // A head below the cursor is a node that lags, or a sandbox chain that was restarted.
  const next = cursor === null || BigInt(cursor) > head ? head + 1n : BigInt(cursor) + 1n;
  let from = next > margin ? next - margin : 0n;
  for (let round = 0; round < ROUNDS_MAX && from <= head; round++) {
    const to = from + SCAN_BLOCKS_MAX - 1n < head ? from + SCAN_BLOCKS_MAX - 1n : head;
    await scanBlocks({ client, chain, settings, url, from, to, head });
    await saveCursor({ chain, block: Number(to) });
    from = to + 1n;
  }
}

type BlockRange = {
  client: PublicClient;
  chain: ChainName;
  settings: ChainSettings;
  url: string;
  from: bigint;
  to: bigint;
  head: bigint;
};

async function scanBlocks({
  client,
  chain,
  settings,
  url,
  from,
  to,
  head,
}: BlockRange): Promise<void> {
  const { USDC, USDT } = CHAINS[chain].tokens;
  const logs = await client.getLogs({
    address: [USDC.address, USDT.address],
    event: TRANSFER,
    args: { to: settings.treasury },
    fromBlock: from,
    toBlock: to,
    strict: true,
  });
  // Transfers of nothing are spam that anyone can send in anyone's name.
  const nonZero = logs.filter((log) => log.args.value > 0n);
  const owners = await findOwners({
    chain,
    addresses: nonZero.map((log) => log.args.from.toLowerCase()),
  });
  const unknown = new Set<`0x${string}`>();
  for (const { args, transactionHash, blockNumber } of nonZero) {
    const accountId = owners.get(args.from.toLowerCase());
    const hash = transactionHash.toLowerCase() as `0x${string}`;
    if (accountId !== undefined) await openTransfer({ accountId, chain, hash, expected: null });
    else if (head - blockNumber + 1n >= settings.confirmations[chain]) unknown.add(hash);
  }
  const knownTransfers = await findKnownHashes({ chain, hashes: [...unknown] });
  for (const hash of unknown)
    if (!knownTransfers.has(hash)) await recordUnmatchedIn({ chain, settings, url, hash });
}

async function recordUnmatchedIn(input: {
  chain: ChainName;
  settings: ChainSettings;
  url: string;
  hash: `0x${string}`;
}) {
  const { chain, settings, url, hash } = input;
  const reading = await readTransaction({ chain, url, hash });
  if (reading.is !== "mined" || reading.reverted || !reading.canonical) return;
  const payments = paymentsTo({ events: reading.events, chain, treasury: settings.treasury });
  const owners = await findOwners({ chain, addresses: payments.map((event) => event.from) });
  for (const { ordinal, token, from, value } of payments) {
    if (owners.has(from) || value === 0n) continue;
    const amount = nanoOf(value) ?? Number.MAX_SAFE_INTEGER;
    await recordUnmatched({
      _id: sourceIdOf({ chain, hash, ordinal }),
      chain,
      hash,
      ordinal,
      token,
      from,
      amount,
      foundAt: new Date(),
    });
    log.warn("transfer.unknown_sender", { chain });
  }
}
