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
  /** The sandbox also requests the first block of the wallet's chain. */
  sandbox: boolean;
  onPaired: (wallet: PairedWallet) => void;
  onClose: () => void;
}

const PAYING = ["personal_sign", "eth_sendTransaction"];

/** Shows the code that a wallet on another device scans, until the wallet responds. */
export function CryptoPair({ settings, chains, sandbox, onPaired, onClose }: PairProps) {
  const [uri, setUri] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  const pair = useEffectEvent((signal: AbortSignal) => {
    const methods = sandbox ? [...PAYING, "eth_getBlockByNumber"] : PAYING;
    return pairWallet({ settings, chains, methods, signal, onUri: setUri });
  });
  const handlePaired = useEffectEvent(onPaired);
  useEffect(() => {
    const leaving = new AbortController();
    pair(leaving.signal).then(handlePaired, (error: Error) => {
      if (leaving.signal.aborted) return;
      setUri(null);
      setProblem(error.message);
    });
    return () => leaving.abort();
  }, [round]);

  const retry = () => {
    setProblem(null);
    setRound(round + 1);
  };

  return (
    <div className="grid gap-3">
      {uri !== null ? (
        <>
          <p role="status" className="text-sm">
            Scan the code with your wallet’s app and approve there. The code is valid for five
            minutes.
          </p>
          <div className="grid justify-items-center">
            <QrCode text={uri} label="Code to scan with a wallet" />
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <a href={uri} className={buttonStyle()}>
              Open a wallet on this device
            </a>
            <CopyButton text={uri} subject="link" showLabel />
          </div>
          <p className="text-sm text-muted">
            This page and your wallet communicate through WalletConnect’s relay. The relay sees the
            IP addresses of both; the messages are encrypted.
          </p>
        </>
      ) : problem === null ? (
        <p role="status" className="text-sm text-muted">
          Requesting a code from WalletConnect’s relay …
        </p>
      ) : (
        <>
          <Notice tone="danger" live>
            {problem}
          </Notice>
          <Button onClick={retry}>Try again</Button>
        </>
      )}
      <Button variant="ghost" onClick={onClose}>
        {problem === null ? "Cancel" : "Use another wallet"}
      </Button>
    </div>
  );
}
