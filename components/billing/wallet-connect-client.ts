import { SignClient } from "@walletconnect/sign-client";
import type { WalletConnectSettings } from "./crypto-types";

export type WalletClient = Awaited<ReturnType<typeof SignClient.init>>;

let sharedClient: Promise<WalletClient> | undefined;

/**
 * The page's only WalletConnect client. It connects to the relay when a pairing starts. It stores nothing in the
 * browser, and the relay receives encrypted messages without metadata about their content.
 */
export function openClient(settings: WalletConnectSettings): Promise<WalletClient> {
  sharedClient ??= SignClient.init({
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
  return sharedClient;
}

/**
 * Removes the `tvf` option, with which the package sends the relay the method, chain, contract and hash of a
 * transaction.
 */
function keepQuiet(client: WalletClient): WalletClient {
  const { relayer, verify } = client.core;
  const [publish, publishCustom] = [
    relayer.publish.bind(relayer),
    relayer.publishCustom.bind(relayer),
  ];
  relayer.publish = (topic, message, options) => publish(topic, message, withoutDetails(options));
  relayer.publishCustom = ({ payload, opts }) =>
    publishCustom({ payload, opts: withoutDetails(opts) });
  // Otherwise the package loads a WalletConnect page in a frame that attests this site to the wallet.
  verify.register = async () => undefined;
  return client;
}

function withoutDetails<T extends { tvf?: object }>(options: T | undefined): Omit<T, "tvf"> {
  const { tvf: _, ...publishOptions } = options ?? ({} as T);
  return publishOptions;
}

/** Replaces the browser storage that the package uses by default. */
function inMemory() {
  const items = new Map<string, unknown>();
  return {
    getKeys: async () => [...items.keys()],
    // The package declares the type of the values it stored.
    getEntries: async <T>() => [...items.entries()] as [string, T][],
    getItem: async <T>(key: string) => items.get(key) as T | undefined,
    setItem: async <T>(key: string, value: T) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
  };
}
