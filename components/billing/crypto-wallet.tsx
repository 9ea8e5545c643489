"use client";

import { useState, type ComponentType } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type {
  AcceptedToken,
  CryptoActions,
  LinkedWallet,
  WalletConnectSettings,
} from "./crypto-types";

export interface WalletProps {
  tokens: AcceptedToken;
  wallets: LinkedWallet[];
  /** Null when wallets on other devices are not supported. */
  walletConnect: WalletConnectSettings | null;
  sandbox: boolean;
  actions: CryptoActions;
}

/** Loads the wallet code on demand, because it is several times the size of the page. */
export function CryptoWallet(props: WalletProps) {
  const [Checkout, setCheckout] = useState<ComponentType<WalletProps> | null>(null);
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  if (Checkout !== null) return <Checkout {...props} />;
  const load = async () => {
    setState("loading");
    try {
      const { CryptoCheckout } = await import("./crypto-checkout");
      setCheckout(() => CryptoCheckout);
    } catch {
      setState("failed");
    }
  };
  return (
    <div className="grid gap-3">
      <Button
        block
        busy={state === "loading"}
        busyLabel="Looking for wallets"
        onClick={() => void load()}
      >
        Connect a wallet
      </Button>
      {state === "failed" ? (
        <Notice tone="danger" live>
          The wallet code could not be loaded. Check the connection and try again.
        </Notice>
      ) : null}
    </div>
  );
}
