import {
  BaseError,
  HttpRequestError,
  parseAbiItem,
  RpcError,
  RpcRequestError,
  type PublicClient,
} from "viem";
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
/** Most nodes refuse to search more in one call; many allow less: 500, or 10 without a plan. */
const SCAN_BLOCKS_MAX = 1_000n;
const ROUNDS_MAX = 20;
/** Calls that worked, after which a longer range is tried: a node is changed, or its plan. */
const GROW_AFTER = 50;
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
    const blocks = rangeOf(url);
    const to = from + blocks - 1n < head ? from + blocks - 1n : head;
    try {
      await scanBlocks({ client, chain, settings, url, from, to, head });
    } catch (error) {
      if (!isRefusal(error) || to === from) throw error;
      shrinkRange(url, to - from + 1n);
      continue;
    }
    growRange(url, to - from + 1n);
    await saveCursor({ chain, block: Number(to) });
    from = to + 1n;
  }
}

/** By the address of a node: how many blocks it searches in one call, and how many such calls have worked. */
const ranges = new Map<string, { blocks: bigint; worked: number }>();

const rangeOf = (url: string): bigint => ranges.get(url)?.blocks ?? SCAN_BLOCKS_MAX;

/** Half of what was refused is tried next. */
const shrinkRange = (url: string, refusedBlocks: bigint): void =>
  void ranges.set(url, { blocks: refusedBlocks > 1n ? refusedBlocks / 2n : 1n, worked: 0 });

function growRange(url: string, blocks: bigint): void {
  const range = ranges.get(url);
  // A shorter call, at the head, says nothing of the range.
  if (!range || blocks < range.blocks) return;
  range.worked++;
  if (range.worked < GROW_AFTER || range.blocks >= SCAN_BLOCKS_MAX) return;
  const doubleBlocks = range.blocks * 2n;
  ranges.set(url, {
    blocks: doubleBlocks < SCAN_BLOCKS_MAX ? doubleBlocks : SCAN_BLOCKS_MAX,
    worked: 0,
  });
}

/**
 * Whether a node answered and did not search the range. Nodes have no common code for a range that is too long (-32600,
 * -32602, -32005, -32000, a 400 or a 413), so every error that the node itself states counts; one that does not respond, or
 * limits the rate, would refuse a shorter range too.
 */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const http = error.walk((cause) => cause instanceof HttpRequestError);
  if (http instanceof HttpRequestError) return http.status === 400 || http.status === 413;
  return (
    error.walk((cause) => cause instanceof RpcError || cause instanceof RpcRequestError) !== null
  );
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
