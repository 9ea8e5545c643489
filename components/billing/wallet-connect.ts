import { numberToHex } from "viem";
import type { WalletConnectSettings } from "./crypto-types";
import { openClient, type WalletClient } from "./wallet-connect-client";

const RELAY_ANSWERS_WITHIN_MS = 15_000;
const LEAVES_WITHIN_MS = 3_000;
const GOODBYE = { code: 6000, message: "User disconnected." };
const EVENTS = ["accountsChanged", "chainChanged"];

type WalletSession = ReturnType<WalletClient["session"]["get"]>;
type WalletListener = (value: never) => void;

interface WalletPairing {
  settings: WalletConnectSettings;
  /** The chain ids and methods that the wallet is asked for. */
  chains: number[];
  methods: string[];
  signal: AbortSignal;
  /** Called with the pairing URI, which the wallet receives as a QR code or a link. */
  onUri: (uri: string) => void;
}

export interface PairedWallet {
  name: string;
  provider: ReturnType<typeof providerOf>;
}

/** The end of the previous pairing. The next one waits for it, because both use one connection. */
let leaving: Promise<void> = Promise.resolve();

/**
 * Pairs with a wallet on another device. Throws an error whose message is for the buyer. A failed pairing is withdrawn.
 */
export async function pairWallet({
  settings,
  chains,
  methods,
  signal,
  onUri,
}: WalletPairing): Promise<PairedWallet> {
  const client = await openClient(settings);
  await leaving;
  const eip155 = { chains: chains.map((id) => `eip155:${id}`), methods, events: EVENTS };
  const proposal = client.connect({ optionalNamespaces: { eip155 } });
  let isOffered = false;
  try {
    const { uri, approval } = await inTime(proposal, signal);
    if (uri === undefined) throw new Error("WalletConnect returned no code to scan. Try again.");
    isOffered = true;
    onUri(uri);
    const session = await unlessAborted(approval(), signal);
    const chain = chains.find((id) => accountsOn({ session, id }).length > 0);
    if (chain === undefined)
      throw new Error(
        "Your wallet shared no account on an accepted chain. Add one in the wallet and try again.",
      );
    return {
      name: session.peer.metadata.name.slice(0, 40) || "Wallet",
      provider: providerOf({ client, session, chain }),
    };
  } catch (error) {
    leaving = abandon({ client, proposal, offered: isOffered });
    throw signal.aborted ? error : new Error(pairingProblem(error), { cause: error });
  }
}

function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const timeoutError = new Error(
    "WalletConnect’s relay did not respond. Check the connection and try again.",
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutError), RELAY_ANSWERS_WITHIN_MS);
  });
  return unlessAborted(Promise.race([work, limit]), signal).finally(() => clearTimeout(timer));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error("Canceled."));
    signal.addEventListener("abort", () => reject(new Error("Canceled.")), { once: true });
    work.then(resolve, reject);
  });
}

/** Withdraws a proposal. The code stops working, and a session that the wallet approves later is disconnected. */
async function abandon(input: {
  client: WalletClient;
  proposal: ReturnType<WalletClient["connect"]>;
  offered: boolean;
}) {
  const { client, proposal, offered: isOffered } = input;
  const withdrawal = proposal
    .then(async ({ uri, approval }) => {
      const late = approval().then((session) =>
        client.disconnect({ topic: session.topic, reason: GOODBYE }),
      );
      late.catch(() => {});
      const topic = /^wc:([0-9a-f]+)@/.exec(uri ?? "")?.[1];
      if (topic !== undefined) await client.core.pairing.disconnect({ topic });
    })
    .catch(() => {});
  // Does not wait for a relay that did not respond. If the relay accepts the proposal later, it is withdrawn then.
  if (isOffered)
    await Promise.race([
      withdrawal,
      new Promise((resolve) => setTimeout(resolve, LEAVES_WITHIN_MS)),
    ]);
  await closeIdle(client);
}

/** Closes the connection to the relay when no wallet is paired. */
async function closeIdle(client: WalletClient): Promise<void> {
  if (client.session.length === 0) await client.core.relayer.transportClose();
}

function pairingProblem(error: unknown): string {
  const message = (error as { message?: string }).message ?? "";
  if (/reject|declin/i.test(message)) return "You declined in your wallet. Nothing was sent.";
  if (/expired/i.test(message)) return "The code expired. Create a new one.";
  return message || "The wallet could not be paired. Try again.";
}

/**
 * The session as an EIP-1193 provider. Each request names its chain, so a chain switch needs no request to the wallet.
 */
function providerOf({
  client,
  ...pairing
}: {
  client: WalletClient;
  session: WalletSession;
  chain: number;
}) {
  let { session, chain } = pairing;
  const { topic } = session;
  const listeners = new Map<string, Set<WalletListener>>();
  const emit = (event: string, value: unknown) =>
    listeners.get(event)?.forEach((listener) => (listener as (value: unknown) => void)(value));

  const closing = new AbortController();
  const handleEnd = () => {
    closing.abort();
    emit("disconnect", undefined);
  };
  client.on("session_delete", (event) => event.topic === topic && handleEnd());
  client.on("session_expire", (event) => event.topic === topic && handleEnd());
  client.on("session_update", (event) => {
    if (event.topic !== topic) return;
    session = { ...session, namespaces: event.params.namespaces };
    emit("accountsChanged", accountsOn({ session, id: chain }));
  });

  const changeChain = (id: number) => {
    if (accountsOn({ session, id }).length === 0)
      throw problem(
        4901,
        "Your wallet did not share this chain. Add it in the wallet and connect again",
      );
    chain = id;
    emit("chainChanged", numberToHex(id));
    return null;
  };

  const end = async () => {
    closing.abort();
    await client.disconnect({ topic, reason: GOODBYE });
    await closeIdle(client);
    return null;
  };

  const ask = async (request: { method: string; params: unknown }) => {
    if (!session.namespaces.eip155?.methods.includes(request.method))
      throw problem(4200, `Your wallet does not support ${request.method} over WalletConnect`);
    try {
      const response = client.request<unknown>({ topic, chainId: `eip155:${chain}`, request });
      return await unlessAborted(response, closing.signal);
    } catch (error) {
      throw walletError(error);
    }
  };

  return {
    async request({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
      switch (method) {
        case "eth_chainId":
          return numberToHex(chain);
        case "eth_accounts":
        case "eth_requestAccounts":
          return accountsOn({ session, id: chain });
        case "wallet_switchEthereumChain":
          return changeChain(Number((params as { chainId: string }[])[0]?.chainId));
        case "wallet_revokePermissions":
          return end();
        default:
          return ask({ method, params });
      }
    },
    on(event: string, listener: WalletListener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    removeListener(event: string, listener: WalletListener) {
      listeners.get(event)?.delete(listener);
    },
  };
}

/** The addresses that a wallet shares on one chain. */
function accountsOn({ session, id }: { session: WalletSession; id: number }): string[] {
  const accounts = session.namespaces.eip155?.accounts ?? [];
  return accounts.flatMap((account) =>
    account.startsWith(`eip155:${id}:`) ? [account.split(":")[2] ?? ""] : [],
  );
}

const problem = (code: number, message: string) => Object.assign(new Error(message), { code });

/**
 * An error of the wallet has a code. Any other error means that no response arrived; the wallet may still have sent.
 */
function walletError(error: unknown): Error {
  const { code, message } = error as { code?: number; message?: string };
  // WalletConnect's codes: 5xxx when the user declined, 6xxx when the session ended.
  const kind = error instanceof Error || typeof code !== "number" ? 6000 : code;
  if (kind >= 6000 && kind < 7000) return problem(4900, "Your wallet did not respond");
  return problem(kind >= 5000 && kind < 6000 ? 4001 : kind, message ?? "no reason");
}
