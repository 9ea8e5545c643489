import type { Page } from "@playwright/test";
import { createWalletClient, http, numberToHex, parseAbi, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { base, mainnet } from "viem/chains";
import { CHAINS } from "@/lib/payments/chain/tokens";
import type { ChainName, TokenName } from "@/lib/wallets/schema";
import { rpc } from "@/sandbox/chain/rpc";
import { mint } from "@/sandbox/chain/wallet";
import { deployment } from "./fixtures";

type WalletCall = { method: string; params?: unknown[] };

const urlOf = (chain: ChainName): string => {
  const url = deployment.sandbox[chain];
  if (url === undefined)
    throw new Error("The deployment has no local chain: anvil is not installed.");
  return url;
};
const viemChains = { base, ethereum: mainnet };

export type TestWallet = {
  address: Hex;
  /** What the person says to the next questions of the wallet. */
  declines: boolean;
  /** As a wallet on another network of the same id would answer. */
  foreign: boolean;
  asked: string[];
  send: (input: { chain: ChainName; token: TokenName; to: Hex; dollars: number }) => Promise<Hex>;
};

/** A wallet with a separate key and 10,000 of each token on both chains. */
export async function createTestWallet(): Promise<
  TestWallet & { answer: (chainId: number, call: WalletCall) => Promise<unknown> }
> {
  const account = privateKeyToAccount(generatePrivateKey());
  for (const chain of ["base", "ethereum"] as const) {
    const url = urlOf(chain);
    await rpc(url, "anvil_setBalance", [account.address, numberToHex(10n ** 19n)]);
    const tokens = Object.values(CHAINS[chain].tokens).map(({ address }) => address);
    await mint({ url, tokens, address: account.address, value: 10_000_000_000n });
  }
  const clientOf = (chain: ChainName) =>
    createWalletClient({ account, chain: viemChains[chain], transport: http(urlOf(chain)) });
  const wallet = {
    address: account.address,
    declines: false,
    foreign: false,
    asked: [] as string[],
    send: async ({ chain, token, to, dollars }: Parameters<TestWallet["send"]>[0]) =>
      clientOf(chain).writeContract({
        address: CHAINS[chain].tokens[token].address,
        abi: parseAbi(["function transfer(address to, uint256 value)"]),
        functionName: "transfer",
        args: [to, BigInt(Math.round(dollars * 1e6))],
      }),
    /** What the extension would do for a page. */
    answer: async (chainId: number, { method, params = [] }: WalletCall): Promise<unknown> => {
      wallet.asked.push(method);
      const chain: ChainName = chainId === mainnet.id ? "ethereum" : "base";
      const [first] = params;
      switch (method) {
        case "eth_accounts":
          return [account.address];
        case "personal_sign":
          return account.signMessage({ message: { raw: first as Hex } });
        case "eth_sendTransaction": {
          const { to, data } = first as { to: Hex; data: Hex };
          return clientOf(chain).sendTransaction({ to, data });
        }
        case "eth_getBlockByNumber":
          if (wallet.foreign) return { hash: `0x${"d4".repeat(32)}` };
          return rpc(urlOf(chain), method, params);
        default:
          return rpc(urlOf(chain), method, params);
      }
    },
  };
  return wallet;
}

/** Shows the page a wallet as an extension does (EIP-1193, announced by EIP-6963), and a nameless one next to it. */
export async function injectWallet(page: Page, input: { startsOn: number }): Promise<TestWallet> {
  const wallet = await createTestWallet();
  await page.exposeFunction("walletAnswer", async (chainId: number, call: WalletCall) => {
    const asks = [
      "eth_requestAccounts",
      "personal_sign",
      "eth_sendTransaction",
      "wallet_switchEthereumChain",
    ];
    if (wallet.declines && asks.includes(call.method))
      return { error: { code: 4001, message: "User rejected the request." } };
    try {
      return { result: await wallet.answer(chainId, call) };
    } catch (error) {
      return {
        error: { code: -32_000, message: error instanceof Error ? error.message : String(error) },
      };
    }
  });
  await page.addInitScript(announceInPage, input.startsOn);
  return wallet;
}

/** Runs in the page. */
function announceInPage(startsOn: number): void {
  type Reply = { result?: unknown; error?: { code: number; message: string } };
  type Bridge = {
    walletAnswer: (chainId: number, call: WalletCall) => Promise<Reply>;
    ethereum?: unknown;
  };
  const bridge = window as unknown as Bridge;
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  let chainId = startsOn;
  let isConnected = false;
  const ask = async (call: WalletCall) => {
    const { result, error } = await bridge.walletAnswer(chainId, call);
    if (error) throw Object.assign(new Error(error.message), { code: error.code });
    return result;
  };
  const provider = {
    async request(call: WalletCall): Promise<unknown> {
      switch (call.method) {
        case "eth_chainId":
          return `0x${chainId.toString(16)}`;
        case "eth_accounts":
          return isConnected ? ask(call) : [];
        case "wallet_requestPermissions":
          throw Object.assign(new Error("Not supported."), { code: -32_601 });
        case "eth_requestAccounts":
          if (!isConnected) await ask({ method: "eth_accounts" });
          await bridge.walletAnswer(chainId, call).then(({ error }) => {
            if (error?.code === 4001)
              throw Object.assign(new Error(error.message), { code: error.code });
          });
          isConnected = true;
          return ask({ method: "eth_accounts" });
        case "wallet_switchEthereumChain": {
          const { error } = await bridge.walletAnswer(chainId, call);
          if (error?.code === 4001)
            throw Object.assign(new Error(error.message), { code: error.code });
          const [chain] = (call.params ?? []) as { chainId: string }[];
          chainId = Number(chain?.chainId);
          for (const listener of listeners.get("chainChanged") ?? [])
            listener(`0x${chainId.toString(16)}`);
          return null;
        }
        case "wallet_revokePermissions":
          isConnected = false;
          return null;
        default:
          return ask(call);
      }
    },
    on(event: string, listener: (value: unknown) => void) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return provider;
    },
    removeListener(event: string, listener: (value: unknown) => void) {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'/%3E";
  const info = {
    uuid: "350670db-19fa-4704-a166-e52e178b59d2",
    name: "Test wallet",
    icon,
    rdns: "test.wallet",
  };
  const announce = () =>
    window.dispatchEvent(
      new CustomEvent("eip6963:announceProvider", {
        detail: Object.freeze({ info: Object.freeze(info), provider }),
      }),
    );
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
  bridge.ethereum = provider;
}
