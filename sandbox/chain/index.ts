import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CHAINS } from "@/lib/payments/chain/tokens";
import type { ChainName } from "@/lib/wallets/schema";
import { findAnvil, startAnvil, type AnvilProcess } from "./anvil";
import contracts from "./contracts/contracts.json";
import { rpc } from "./rpc";
import { answerWallet, WalletCall } from "./wallet";
import { walletScript } from "./wallet-page";

const BODY_BYTES_MAX = 1_000_000;
/** Tether's own contract on Ethereum returns nothing from a transfer; the others return a bool. */
const CODE = {
  base: { USDC: contracts.UsdCoin.runtime, USDT: contracts.BridgedTether.runtime },
  ethereum: { USDC: contracts.UsdCoin.runtime, USDT: contracts.Tether.runtime },
};

/**
 * A chain on loopback with the real chain's id and the tokens at their real addresses: JSON-RPC at `/`, the sandbox
 * wallet at `/wallet` and its page script at `/wallet.js`. The chain itself starts with the first request. Null where its program is not installed.
 */
export async function startChain(
  name: ChainName,
  port = 0,
): Promise<{ url: string; close: () => Promise<void> } | null> {
  const program = findAnvil();
  if (program === null) return null;
  const { id, tokens } = CHAINS[name];
  let anvil: Promise<AnvilProcess> | null = null;
  const ensureAnvil = (): Promise<AnvilProcess> => {
    anvil ??= startAnvil({ program, chainId: id })
      .then(async (chain) => {
        // One that ends is started again with the next request, from its first block.
        void chain.ended.then(() => {
          anvil = null;
        });
        await putTokens({ url: chain.url, name });
        return chain;
      })
      .catch((error: unknown) => {
        anvil = null;
        throw error;
      });
    return anvil;
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await read(req);
    const { url } = await ensureAnvil();
    if (req.url === "/wallet") {
      const chain = { id, url, tokens: [tokens.USDC.address, tokens.USDT.address] };
      return answer(res, { result: await answerWallet(chain, WalletCall.parse(JSON.parse(body))) });
    }
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    res.writeHead(reply.status, { "content-type": "application/json" }).end(await reply.text());
  };
  // On a busy machine a client would send on a connection that is just being closed as idle.
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    if (req.url === "/wallet.js")
      return void res
        .writeHead(200, { "content-type": "text/javascript; charset=utf-8" })
        .end(walletScript());
    if (req.method !== "POST") return void res.writeHead(405).end();
    serve(req, res).catch((error: Error & { code?: number; shortMessage?: string }) =>
      answer(res, {
        error: { code: error.code ?? -32_000, message: error.shortMessage ?? error.message },
      }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await anvil?.then((chain) => chain.close());
    },
  };
}

/** Puts the tokens where the real ones are. */
export async function putTokens({ url, name }: { url: string; name: ChainName }): Promise<void> {
  for (const token of ["USDC", "USDT"] as const)
    await rpc(url, "anvil_setCode", [CHAINS[name].tokens[token].address, CODE[name][token]]);
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error("The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(res: ServerResponse, value: object): void {
  res
    .writeHead(200, { "content-type": "application/json" })
    .end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...value }));
}
