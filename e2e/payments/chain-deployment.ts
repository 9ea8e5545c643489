import { createServer, type Server } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeFunctionData, numberToHex, parseAbi, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { CHAINS } from "@/lib/payments/chain/tokens";
import type { ChainName, TokenName } from "@/lib/wallets/schema";
import { putTokens } from "@/sandbox/chain";
import { findAnvil, startAnvil, type AnvilProcess } from "@/sandbox/chain/anvil";
import { rpc } from "@/sandbox/chain/rpc";
import { mint } from "@/sandbox/chain/wallet";

const MNEMONIC = "test test test test test test test test test test test junk";
export const TOKEN = parseAbi([
  "function transfer(address to, uint256 value)",
  "function approve(address spender, uint256 value)",
  "function transferFrom(address from, address to, uint256 value)",
]);
export const CHAIN_NAMES = ["base", "ethereum"] as const satisfies ChainName[];
export const hasAnvil = findAnvil() !== null;

/** One of the local chain's own accounts, whose keys everyone knows. */
export const keyOf = (index: number) => mnemonicToAccount(MNEMONIC, { addressIndex: index });

/** A node between the app and a local chain, which can be down, or respond for another chain. */
export type ChainNode = { url: string; down: boolean; chainId: number | null; anvil: AnvilProcess };
export type ChainDeployment = {
  nodes: Record<ChainName, ChainNode>;
  dataDir: string;
  stop: () => Promise<void>;
};

/** Two local chains that make a block only for a transaction, and a data directory. */
export async function startChainDeployment(): Promise<ChainDeployment> {
  const program = findAnvil();
  if (program === null) throw new Error("anvil is not installed: npm ci installs it on Linux x64.");
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-chain-"));
  const servers: Server[] = [];
  const start = async (name: ChainName): Promise<ChainNode> => {
    const anvil = await startAnvil({
      program,
      chainId: CHAINS[name].id,
      mining: ["--slots-in-an-epoch", "16"],
    });
    await putTokens({ url: anvil.url, name });
    const node: ChainNode = { url: "", down: false, chainId: null, anvil };
    const server = createServer((req, res) => {
      if (node.down) return void req.socket.destroy();
      void relay(node, req).then((text) =>
        res.writeHead(200, { "content-type": "application/json" }).end(text),
      );
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return node;
  };
  const [base, ethereum] = await Promise.all([start("base"), start("ethereum")]);
  return {
    nodes: { base, ethereum },
    dataDir,
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all([base.anvil.close(), ethereum.anvil.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function relay(node: ChainNode, body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const call = JSON.parse(text) as { id: number; method: string };
  if (call.method === "eth_chainId" && node.chainId !== null)
    return JSON.stringify({ jsonrpc: "2.0", id: call.id, result: numberToHex(node.chainId) });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: text };
  return (await fetch(node.anvil.url, init)).text();
}

export const units = (dollars: number) => BigInt(Math.round(dollars * 1_000_000));

type TokenTransfer = {
  chain: ChainName;
  token?: TokenName;
  contract?: Hex;
  from: Hex;
  to: Hex;
  dollars: number;
  gas?: number;
};

/** What a test does on the chains itself. */
export function actorsOf({ nodes }: ChainDeployment) {
  const call = (chain: ChainName, method: string, params: unknown[] = []) =>
    rpc(nodes[chain].anvil.url, method, params);
  /** Sends by one of the chain's unlocked accounts, and waits for the block. */
  const transact = async (chain: ChainName, fields: Record<string, unknown>): Promise<Hex> => {
    const hash = (await call(chain, "eth_sendTransaction", [fields])) as Hex;
    for (;;) {
      if ((await call(chain, "eth_getTransactionReceipt", [hash])) !== null) return hash;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const addressOf = (chain: ChainName, token: TokenName) => CHAINS[chain].tokens[token].address;
  return {
    call,
    transact,
    addressOf,
    mine: (chain: ChainName, blocks: number) => call(chain, "anvil_mine", [numberToHex(blocks)]),
    give: (chain: ChainName, address: Hex, dollars: number) =>
      mint({
        url: nodes[chain].anvil.url,
        tokens: [addressOf(chain, "USDC"), addressOf(chain, "USDT")],
        address,
        value: units(dollars),
      }),
    async send({
      chain,
      token = "USDC",
      contract = addressOf(chain, token),
      from,
      to,
      dollars,
      gas,
    }: TokenTransfer) {
      const data = encodeFunctionData({
        abi: TOKEN,
        functionName: "transfer",
        args: [to, units(dollars)],
      });
      return transact(chain, {
        from,
        to: contract,
        data,
        ...(gas ? { gas: numberToHex(gas) } : {}),
      });
    },
  };
}
