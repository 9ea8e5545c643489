import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { saveCursor } from "@/lib/transfers/cursor";
import { findCursor } from "@/lib/transfers/queries";
import { scanChain } from "./scan";
import { CHAINS } from "./tokens";

useOwnDatabase(ensureIndexes);

type RpcCall = { id: number; method: string; params?: { fromBlock: string; toBlock: string }[] };
type Refuse = (id: number) => { status?: number; body: unknown };

let head = 0;
let blocksMax = 1_000;
let refuse: Refuse;
let ranges: number[] = [];

/** A node that searches at most `blocksMax` blocks in one call. */
const node = createServer(async (req, res) => {
  const call = JSON.parse(await textOf(req)) as RpcCall;
  const range = call.params?.[0];
  const result = (value: unknown) => ({ body: { jsonrpc: "2.0", id: call.id, result: value } });
  const respond = () => {
    if (call.method === "eth_chainId") return result(`0x${CHAINS.base.id.toString(16)}`);
    if (call.method === "eth_blockNumber") return result(`0x${head.toString(16)}`);
    const blocks = Number(range?.toBlock) - Number(range?.fromBlock) + 1;
    ranges.push(blocks);
    return blocks > blocksMax ? refuse(call.id) : result([]);
  };
  const reply: { status?: number; body: unknown } = respond();
  res.writeHead(reply.status ?? 200, { "content-type": "application/json" });
  res.end(JSON.stringify(reply.body));
});
node.listen(0, "127.0.0.1");
await once(node, "listening");
afterAll(() => void node.close());

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

let count = 0;
const settingsOf = () => ({
  treasury: "0x4f6e654b65790000000000000000000000000001" as const,
  // Another address is another node, of which nothing is remembered.
  rpcUrls: {
    base: `http://127.0.0.1:${(node.address() as AddressInfo).port}/${++count}`,
    ethereum: null,
  },
  confirmations: { base: 12, ethereum: 12 },
});

beforeEach(async () => {
  ranges = [];
  head = 10_000;
  await saveCursor({ chain: "base", block: 9_000 });
});

const rpcError: Refuse = (id) => ({
  body: { jsonrpc: "2.0", id, error: { code: -32600, message: "up to a 500 block range" } },
});

test.each([
  ["an error with another code", 500, rpcError],
  [
    "limit exceeded",
    10,
    ((id) => ({
      body: { jsonrpc: "2.0", id, error: { code: -32005, message: "range" } },
    })) satisfies Refuse,
  ],
  [
    "a 400",
    100,
    (() => ({
      status: 400,
      body: { error: { code: -32602, message: "too wide" } },
    })) satisfies Refuse,
  ],
])(
  "a node that refuses a range with %s is asked for half of it until it works",
  async (_, max, how) => {
    blocksMax = max;
    refuse = how;
    const settings = settingsOf() as unknown as Parameters<typeof scanChain>[1];
    for (let i = 0; i < 12 && (await findCursor("base")) !== head; i++)
      await scanChain("base", settings);
    expect(await findCursor("base")).toBe(head);
    // Each refusal is followed by half of it, and what works is remembered for the next scan.
    expect(new Set(ranges.filter((blocks) => blocks > max)).size).toBeLessThanOrEqual(8);
    ranges = [];
    head += max;
    await scanChain("base", settings);
    expect(ranges.every((blocks) => blocks <= max)).toBe(true);
  },
);

test("a node that does not respond is an error, and its range is not made shorter", async () => {
  blocksMax = 0;
  refuse = () => ({ status: 503, body: {} });
  const settings = settingsOf() as unknown as Parameters<typeof scanChain>[1];
  await expect(scanChain("base", settings)).rejects.toThrow();
  blocksMax = 1_000;
  ranges = [];
  await scanChain("base", settings);
  expect(Math.max(...ranges)).toBe(1_000);
});
