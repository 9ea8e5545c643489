"use client";

import { useEffect, useState } from "react";
import { useConnection, type Connector, type CreateConnectorFn } from "wagmi";
import { connect, disconnect, signMessage } from "wagmi/actions";
import { firstError } from "@/components/ui/form-state";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { shortHex } from "@/lib/format";
import { ChooseWallet } from "./crypto-choose";
import { CryptoPayForm } from "./crypto-pay-form";
import { createWalletConfig, moveToChain, pairedConnector, walletProblem } from "./crypto-wagmi";
import type { WalletProps } from "./crypto-wallet";

/** Connect a wallet, link it to the account, pay: one step at a time, with its error below. */
export function CryptoCheckout({ tokens, wallets, walletConnect, sandbox, actions }: WalletProps) {
  const [config] = useState(createWalletConfig);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [newlyLinked, setLinked] = useState<string[]>([]);
  const connection = useConnection({ config });
  const { address, connector } = connection;
  useSandboxWallet(sandbox);

  /** Runs one step. `work` returns the server's error as text and throws errors of the wallet. */
  const step = async (label: string, work: () => Promise<string | null>) => {
    setBusy(label);
    setProblem(null);
    try {
      setProblem(await work());
    } catch (error) {
      setProblem(walletProblem(error));
    }
    setBusy(null);
  };

  const use = (label: string, choice: Connector | CreateConnectorFn) =>
    step(label, async () => {
      await connect(config, { connector: choice });
      return null;
    });

  const currentAddress = address?.toLowerCase();
  const matches = wallets.filter((wallet) => wallet.address.toLowerCase() === currentAddress);
  const isLinked =
    matches.length > 0 || (currentAddress !== undefined && newlyLinked.includes(currentAddress));
  // A contract wallet is valid only on the chain on which it was linked.
  const chains = tokens.chains.filter(
    ({ name }) =>
      matches.length === 0 || matches.some(({ chain }) => chain === null || chain === name),
  );

  const link = (wallet: { address: `0x${string}`; connector: Connector }) =>
    step("Sign in your wallet", async () => {
      const at = await wallet.connector.getChainId();
      const chain = tokens.chains.find(({ id }) => id === at) ?? tokens.chains[0];
      if (chain === undefined) return "No chain is set up on this server.";
      await moveToChain(config, { connector: wallet.connector, chainId: chain.id });
      const preparation = await actions.prepareLink({ address: wallet.address, chain: chain.name });
      if (preparation.result === undefined) return firstError(preparation);
      const message = preparation.result;
      const signature = await signMessage(config, {
        connector: wallet.connector,
        account: wallet.address,
        message,
      });
      const outcome = await actions.link({ message, signature });
      if (outcome.result === undefined) return firstError(outcome);
      setLinked((before) => [...before, wallet.address.toLowerCase()]);
      return null;
    });

  return (
    <div className="grid gap-3">
      {address === undefined || connector === undefined ? (
        <ChooseWallet
          config={config}
          busy={busy}
          onChoose={(choice) => void use(choice.uid, choice)}
          pairing={
            walletConnect && {
              settings: walletConnect,
              chains: tokens.chains.map(({ id }) => id),
              sandbox,
              onPaired: (wallet) => void use("WalletConnect", pairedConnector(wallet)),
            }
          }
        />
      ) : (
        <>
          <p className="flex items-center justify-between gap-3 text-sm">
            <span>
              {connector.name} <span className="font-mono text-muted">{shortHex(address)}</span>
            </span>
            <Button
              size="sm"
              variant="ghost"
              onClick={() => void disconnect(config, { connector })}
            >
              Disconnect
            </Button>
          </p>
          {isLinked ? (
            <CryptoPayForm
              config={config}
              wallet={{ address, connector }}
              tokens={{ ...tokens, chains }}
              sandbox={sandbox}
              actions={actions}
            />
          ) : (
            <>
              <p className="text-sm text-muted">
                Sign a message to link this wallet to your account. Signing costs nothing and
                transfers nothing.
              </p>
              <Button
                block
                busy={busy !== null}
                busyLabel="Sign in your wallet"
                onClick={() => void link({ address, connector })}
              >
                Link {shortHex(address)}
              </Button>
            </>
          )}
        </>
      )}
      {problem === null ? null : (
        <Notice tone="danger" live>
          {problem}
        </Notice>
      )}
    </div>
  );
}

/** In the sandbox, announces the sandbox wallet in addition to the wallets of the browser. */
function useSandboxWallet(sandbox: boolean): void {
  useEffect(() => {
    if (!sandbox || document.querySelector("script[src='/sandbox/wallet.js']") !== null) return;
    const script = document.createElement("script");
    script.src = "/sandbox/wallet.js";
    document.head.append(script);
  }, [sandbox]);
}
