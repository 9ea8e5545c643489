"use client";

import { useState, type ComponentType } from "react";
import { useConnectors, type Config, type Connector } from "wagmi";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { PairProps } from "./crypto-pair";

interface Props {
  config: Config;
  /** The `uid` of the wallet whose confirmation is pending. */
  busy: string | null;
  onChoose: (connector: Connector) => void;
  /** Null when wallets on other devices are not supported. */
  pairing: Omit<PairProps, "onClose"> | null;
}

/** The wallets of this browser and those on other devices. */
export function ChooseWallet({ config, busy, onChoose, pairing }: Props) {
  const connectors = useConnectors({ config });
  const [Pair, setPair] = useState<ComponentType<PairProps> | null>(null);
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");

  /** Only this choice loads the WalletConnect code and connects to the relay. */
  const loadPairing = async () => {
    setState("loading");
    try {
      const { CryptoPair } = await import("./crypto-pair");
      setPair(() => CryptoPair);
      setState("idle");
    } catch {
      setState("failed");
    }
  };

  if (Pair !== null && pairing !== null) return <Pair {...pairing} onClose={() => setPair(null)} />;
  if (connectors.length === 0 && pairing === null) {
    return (
      <Notice live>
        No wallet was found in this browser. Open the page in a browser that has a wallet, or send
        from a linked wallet. The transfer will be detected automatically.
      </Notice>
    );
  }
  return (
    <>
      <ul
        className="grid gap-2"
        aria-label={pairing === null ? "Wallets in this browser" : "Wallets"}
      >
        {connectors.map((connector) => (
          <li key={connector.uid}>
            <Button
              block
              disabled={busy !== null}
              busy={busy === connector.uid}
              busyLabel="Confirm in your wallet"
              onClick={() => onChoose(connector)}
            >
              {connector.icon ? (
                // oxlint-disable-next-line nextjs/no-img-element -- data that the wallet announced, of no fixed size
                <img src={connector.icon} alt="" width={16} height={16} />
              ) : null}
              {connector.name}
            </Button>
          </li>
        ))}
        {pairing === null ? null : (
          <li>
            <Button
              block
              disabled={busy !== null}
              busy={state === "loading"}
              busyLabel="Loading"
              onClick={() => void loadPairing()}
            >
              WalletConnect
            </Button>
          </li>
        )}
      </ul>
      {state === "failed" ? (
        <Notice tone="danger" live>
          The WalletConnect code could not be loaded. Check the connection and try again.
        </Notice>
      ) : null}
    </>
  );
}
