"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import type { WalletConnectSettings } from "./crypto-types";
import { QrCode } from "./qr-code";
import { pairWallet, type PairedWallet } from "./wallet-connect";

export interface PairProps {
  settings: WalletConnectSettings;
  chains: number[];
  /** The sandbox asks a wallet for the first block of its chain, too. */
  sandbox: boolean;
  onPaired: (wallet: PairedWallet) => void;
  onClose: () => void;
}

const PAYING = ["personal_sign", "eth_sendTransaction"];

/** Shows the code that a wallet on another device scans, from the moment it is there until the wallet has answered. */
export function CryptoPair({ settings, chains, sandbox, onPaired, onClose }: PairProps) {
  const [uri, setUri] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  const pair = useEffectEvent((signal: AbortSignal) => {
    const methods = sandbox ? [...PAYING, "eth_getBlockByNumber"] : PAYING;
    return pairWallet({ settings, chains, methods, signal, onUri: setUri });
  });
  const paired = useEffectEvent(onPaired);
  useEffect(() => {
    const leaving = new AbortController();
    pair(leaving.signal).then(paired, (error: Error) => {
      if (leaving.signal.aborted) return;
      setUri(null);
      setProblem(error.message);
    });
    return () => leaving.abort();
  }, [round]);

  const again = () => {
    setProblem(null);
    setRound(round + 1);
  };

  return (
    <div className="grid gap-3">
      {uri !== null ? (
        <>
          <p role="status" className="text-sm">
            Scan the code with your wallet’s app, and say yes there. It holds for five minutes.
          </p>
          <div className="grid justify-items-center">
            <QrCode text={uri} label="Code to scan with a wallet" />
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <a href={uri} className={buttonStyle()}>
              Open a wallet on this device
            </a>
            <CopyButton text={uri} what="link" labelled />
          </div>
          <p className="text-sm text-muted">
            The two speak through WalletConnect’s relay. It sees that they do, and their addresses
            on the internet; what this page says to your wallet is sealed.
          </p>
        </>
      ) : problem === null ? (
        <p role="status" className="text-sm text-muted">
          Asking WalletConnect’s relay for a code …
        </p>
      ) : (
        <>
          <Notice tone="danger" live>
            {problem}
          </Notice>
          <Button onClick={again}>Try again</Button>
        </>
      )}
      <Button variant="ghost" onClick={onClose}>
        {problem === null ? "Cancel" : "Use another wallet"}
      </Button>
    </div>
  );
}
