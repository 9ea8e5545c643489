import {
  BaseError,
  parseAbi,
  ProviderDisconnectedError,
  SwitchChainError,
  UserRejectedRequestError,
  type EIP1193Provider,
  type Hex,
} from "viem";
import {
  createConfig,
  http,
  injected,
  type Config,
  type Connector,
  type CreateConnectorFn,
} from "wagmi";
import { switchChain, writeContract } from "wagmi/actions";
import { base, mainnet } from "wagmi/chains";
import type { PairedWallet } from "./wallet-connect";

/** Declared without a return value, because USDT's `transfer` on Ethereum returns none. */
const TOKEN = parseAbi(["function transfer(address to, uint256 value)"]);
const NANO_PER_UNIT = 1_000;

/**
 * Wallets are those that announce themselves (EIP-6963); the anonymous `window.ethereum` is not offered in addition.
 * Nothing is stored in the browser: the page asks for a wallet again each time.
 */
export function createWalletConfig(): Config {
  return createConfig({
    chains: [base, mainnet],
    multiInjectedProviderDiscovery: true,
    storage: null,
    // Never called: requests go through the wallet's node or through the server.
    transports: { [base.id]: http(), [mainnet.id]: http() },
  });
}

/** Wraps a wallet on another device, so that it works like one in the browser. */
export function pairedConnector({ name, provider }: PairedWallet): CreateConnectorFn {
  // The provider type uses overloads per method; this provider dispatches by method at run time.
  const target = { id: "walletConnect", name, provider: provider as unknown as EIP1193Provider };
  return injected({ target, shimDisconnect: false });
}

/** Switches the wallet to a chain, unless it is already on it. */
export async function moveToChain(
  config: Config,
  { connector, chainId }: { connector: Connector; chainId: number },
): Promise<void> {
  if ((await connector.getChainId()) === chainId) return;
  await switchChain(config, { connector, chainId });
}

type WalletPayment = {
  connector: Connector;
  account: Hex;
  chainId: number;
  token: Hex;
  to: Hex;
  amount: number;
};

/**
 * Asks the wallet to send tokens. Returns the transaction hash once the wallet has sent it. `amount` is nano-credits.
 */
export function sendTokens(config: Config, payment: WalletPayment): Promise<Hex> {
  const { connector, account, chainId, token, to, amount } = payment;
  return writeContract(config, {
    connector,
    account,
    chainId,
    address: token,
    abi: TOKEN,
    functionName: "transfer",
    args: [to, BigInt(amount / NANO_PER_UNIT)],
  });
}

/** The hash of the first block of the chain that the wallet is on. */
export async function firstBlock(connector: Connector): Promise<unknown> {
  const provider = (await connector.getProvider()) as {
    request: (call: { method: string; params: unknown[] }) => Promise<{ hash?: string } | null>;
  };
  return (await provider.request({ method: "eth_getBlockByNumber", params: ["0x0", false] }))?.hash;
}

/** The message for an error of a wallet. */
export function walletProblem(error: unknown): string {
  if (isRejection(error)) return "You declined in your wallet. Nothing was sent.";
  if (
    error instanceof BaseError &&
    error.walk((cause) => cause instanceof ProviderDisconnectedError) !== null
  )
    return "Your wallet did not respond. If it sent a payment, that will be detected automatically within a minute.";
  // For a chain switch, the wallet's error is nested one level deeper.
  if (error instanceof SwitchChainError && error.cause instanceof Error)
    return walletProblem(error.cause);
  const reason =
    error instanceof BaseError
      ? error.shortMessage
      : error instanceof Error
        ? error.message
        : "no reason";
  return `Your wallet returned an error:  ${reason.replace(/\.?$/, ".")} Nothing was sent.`;
}

function isRejection(error: unknown): boolean {
  if (
    error instanceof BaseError &&
    error.walk((cause) => cause instanceof UserRejectedRequestError) !== null
  )
    return true;
  return typeof error === "object" && error !== null && "code" in error && error.code === 4001;
}
