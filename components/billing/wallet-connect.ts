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
  /** The chain ids and methods that a wallet is asked for, and no more. */
  chains: number[];
  methods: string[];
  signal: AbortSignal;
  /** Called with the address that the wallet has to be given, as a code to scan or a link. */
  onUri: (uri: string) => void;
}

export interface PairedWallet {
  name: string;
  provider: ReturnType<typeof providerOf>;
}

/** The end of the pairing before: the next one waits for it, as both use one connection. */
let leaving: Promise<void> = Promise.resolve();

/** Pairs with a wallet on another device. Throws a sentence for the buyer; whatever ends it early leaves nothing open. */
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
  let offered = false;
  try {
    const { uri, approval } = await inTime(proposal, signal);
    if (uri === undefined) throw new Error("WalletConnect gave no address to scan. Try again.");
    offered = true;
    onUri(uri);
    const session = await unlessAborted(approval(), signal);
    const chain = chains.find((id) => accountsOn({ session, id }).length > 0);
    if (chain === undefined)
      throw new Error(
        "Your wallet shares no account on a chain that is accepted here. Add one there and try again.",
      );
    return {
      name: session.peer.metadata.name.slice(0, 40) || "Wallet",
      provider: providerOf({ client, session, chain }),
    };
  } catch (error) {
    leaving = abandon({ client, proposal, offered });
    throw signal.aborted ? error : new Error(pairingProblem(error), { cause: error });
  }
}

function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const away = new Error(
    "WalletConnect’s relay does not answer. Check the connection and try again.",
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(away), RELAY_ANSWERS_WITHIN_MS);
  });
  return unlessAborted(Promise.race([work, limit]), signal).finally(() => clearTimeout(timer));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error("Cancelled."));
    signal.addEventListener("abort", () => reject(new Error("Cancelled.")), { once: true });
    work.then(resolve, reject);
  });
}

/** Takes an offer back: a wallet that has the code finds nothing, and one that said yes meanwhile is told no. */
async function abandon(input: {
  client: WalletClient;
  proposal: ReturnType<WalletClient["connect"]>;
  offered: boolean;
}) {
  const { client, proposal, offered } = input;
  const takenBack = proposal
    .then(async ({ uri, approval }) => {
      const late = approval().then((session) =>
        client.disconnect({ topic: session.topic, reason: GOODBYE }),
      );
      late.catch(() => {});
      const topic = /^wc:([0-9a-f]+)@/.exec(uri ?? "")?.[1];
      if (topic !== undefined) await client.core.pairing.disconnect({ topic });
    })
    .catch(() => {});
  // A relay that did not answer is not waited for: should it take the offer later, it is taken back then.
  if (offered)
    await Promise.race([
      takenBack,
      new Promise((resolve) => setTimeout(resolve, LEAVES_WITHIN_MS)),
    ]);
  await closeIdle(client);
}

/** The connection to the relay stays only while a wallet is paired. */
async function closeIdle(client: WalletClient): Promise<void> {
  if (client.session.length === 0) await client.core.relayer.transportClose();
}

function pairingProblem(error: unknown): string {
  const said = (error as { message?: string }).message ?? "";
  if (/reject|declin/i.test(said)) return "You declined in your wallet. Nothing was sent.";
  if (/expired/i.test(said)) return "Nobody scanned the code in time. Make a new one.";
  return said || "The wallet could not be paired. Try again.";
}

/**
 * The session as a wallet in the browser would show itself (EIP-1193). Each request names its chain, so changing the chain
 * asks the wallet nothing.
 */
function providerOf({
  client,
  ...paired
}: {
  client: WalletClient;
  session: WalletSession;
  chain: number;
}) {
  let { session, chain } = paired;
  const { topic } = session;
  const listeners = new Map<string, Set<WalletListener>>();
  const tell = (event: string, value: unknown) =>
    listeners.get(event)?.forEach((listener) => (listener as (value: unknown) => void)(value));

  const ended = new AbortController();
  const gone = () => {
    ended.abort();
    tell("disconnect", undefined);
  };
  client.on("session_delete", (event) => event.topic === topic && gone());
  client.on("session_expire", (event) => event.topic === topic && gone());
  client.on("session_update", (event) => {
    if (event.topic !== topic) return;
    session = { ...session, namespaces: event.params.namespaces };
    tell("accountsChanged", accountsOn({ session, id: chain }));
  });

  const changeChain = (id: number) => {
    if (accountsOn({ session, id }).length === 0)
      throw problem(4901, "Your wallet did not share this chain. Add it there and connect again");
    chain = id;
    tell("chainChanged", numberToHex(id));
    return null;
  };

  const end = async () => {
    ended.abort();
    await client.disconnect({ topic, reason: GOODBYE });
    await closeIdle(client);
    return null;
  };

  const ask = async (request: { method: string; params: unknown }) => {
    if (!session.namespaces.eip155?.methods.includes(request.method))
      throw problem(4200, `Your wallet does not offer ${request.method} over WalletConnect`);
    try {
      const answer = client.request<unknown>({ topic, chainId: `eip155:${chain}`, request });
      return await unlessAborted(answer, ended.signal);
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

/** What the wallet itself said has a code; anything else means that its answer did not come, whatever it did. */
function walletError(error: unknown): Error {
  const { code, message } = error as { code?: number; message?: string };
  // WalletConnect's own codes: 5xxx for what a person declined, 6xxx for a session that ended.
  const kind = error instanceof Error || typeof code !== "number" ? 6000 : code;
  if (kind >= 6000 && kind < 7000) return problem(4900, "Your wallet did not answer");
  return problem(kind >= 5000 && kind < 6000 ? 4001 : kind, message ?? "no reason");
}
