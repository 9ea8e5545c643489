import { SignClient } from "@walletconnect/sign-client";
import type { WalletConnectSettings } from "./crypto-types";

export type WalletClient = Awaited<ReturnType<typeof SignClient.init>>;

let opened: Promise<WalletClient> | undefined;

/**
 * The page's one client of WalletConnect; it speaks to the relay only once a pairing begins. It keeps nothing in the
 * browser, and the relay is given sealed messages to pass on and nothing about what is in them.
 */
export function openClient(settings: WalletConnectSettings): Promise<WalletClient> {
  opened ??= SignClient.init({
    ...settings,
    metadata: {
      name: "OneKey",
      description: "Buying credits at OneKey",
      url: location.origin,
      icons: [`${location.origin}/icon.svg`],
    },
    storage: inMemory(),
    telemetryEnabled: false,
    logger: "silent",
  }).then(keepQuiet);
  return opened;
}

/** By itself, the package tells the relay the method, chain, contract and hash of a transaction beside the sealed message. */
function keepQuiet(client: WalletClient): WalletClient {
  const { relayer, verify } = client.core;
  const [publish, publishCustom] = [
    relayer.publish.bind(relayer),
    relayer.publishCustom.bind(relayer),
  ];
  relayer.publish = (topic, message, options) => publish(topic, message, sealed(options));
  relayer.publishCustom = ({ payload, opts }) => publishCustom({ payload, opts: sealed(opts) });
  // It would load a page of WalletConnect's into a frame, to vouch for this site to the wallet.
  verify.register = async () => undefined;
  return client;
}

function sealed<T extends { tvf?: object }>(options: T | undefined): Omit<T, "tvf"> {
  const { tvf: _, ...rest } = options ?? ({} as T);
  return rest;
}

/** What the package keeps in the browser unless it is given something else. */
function inMemory() {
  const items = new Map<string, unknown>();
  return {
    getKeys: async () => [...items.keys()],
    // The package reads back what it stored, and states its own type of it.
    getEntries: async <T>() => [...items.entries()] as [string, T][],
    getItem: async <T>(key: string) => items.get(key) as T | undefined,
    setItem: async <T>(key: string, value: T) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
  };
}
