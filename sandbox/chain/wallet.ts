import {
  createWalletClient,
  defineChain,
  encodeFunctionData,
  http,
  isHex,
  keccak256,
  numberToHex,
  parseAbi,
  toHex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { rpc } from "./rpc";

const TOKEN = parseAbi(["function mint(address to, uint256 value)"]);
const START_TOKENS = 10_000_000_000n;
const START_ETHER = 10n ** 19n;
/** What a page may ask the chain through the wallet, beyond what the wallet itself does. */
const READS = [
  "eth_call",
  "eth_estimateGas",
  "eth_gasPrice",
  "eth_blockNumber",
  "eth_getBlockByNumber",
  "eth_getBalance",
  "eth_getCode",
  "eth_getTransactionByHash",
  "eth_getTransactionReceipt",
];

const hex = z.custom<`0x${string}`>((value) => isHex(value));
export const WalletCall = z.object({
  owner: z.string().min(1),
  method: z.string(),
  params: z.array(z.unknown()),
});
export type WalletCall = z.infer<typeof WalletCall>;
const Sending = z.object({ to: hex, data: hex.optional(), value: hex.optional() });

type WalletChain = { id: number; url: string; tokens: `0x${string}`[] };

/**
 * The sandbox's wallet: a key for each owner, made from its name, with play ether and 10,000 of each token. It signs
 * whatever it is asked to: the question to the person is the page script's.
 */
export async function answerWallet(
  chain: WalletChain,
  { owner, method, params }: WalletCall,
): Promise<unknown> {
  const account = privateKeyToAccount(keccak256(toHex(`OneKey sandbox wallet of ${owner}`)));
  switch (method) {
    case "eth_accounts":
      return [account.address];
    case "personal_sign":
      return account.signMessage({ message: { raw: hex.parse(params[0]) } });
    case "eth_sendTransaction": {
      await fund(chain, account.address);
      const client = createWalletClient({
        account,
        chain: defineChain({
          id: chain.id,
          name: "Sandbox",
          nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
          rpcUrls: { default: { http: [chain.url] } },
        }),
        transport: http(chain.url),
      });
      const { to, data, value } = Sending.parse(params[0]);
      return client.sendTransaction({ to, data, value: BigInt(value ?? 0) });
    }
    default:
      if (!READS.includes(method)) throw new Error(`The sandbox wallet does not answer ${method}.`);
      return rpc(chain.url, method, params);
  }
}

async function fund({ url, tokens }: WalletChain, address: `0x${string}`): Promise<void> {
  if (BigInt(String(await rpc(url, "eth_getBalance", [address, "latest"]))) > 0n) return;
  await rpc(url, "anvil_setBalance", [address, numberToHex(START_ETHER)]);
  // The chain is empty at each start, and the same nonce would make a later payment the same transaction again.
  await rpc(url, "anvil_setNonce", [address, numberToHex(Math.floor(Date.now() / 1000))]);
  await mint({ url, tokens, address, value: START_TOKENS });
}

/** Gives an address play tokens. */
export async function mint(input: {
  url: string;
  tokens: `0x${string}`[];
  address: `0x${string}`;
  value: bigint;
}): Promise<void> {
  const { url, tokens, address, value } = input;
  const [from] = (await rpc(url, "eth_accounts")) as string[];
  const data = encodeFunctionData({ abi: TOKEN, functionName: "mint", args: [address, value] });
  for (const to of tokens) await rpc(url, "eth_sendTransaction", [{ from, to, data }]);
}
