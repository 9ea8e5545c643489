import { Badge } from "@/components/ui/badge";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { formatUsd, shortHex } from "@/lib/format";
import { CryptoCheckForm } from "./crypto-check-form";
import { CryptoProgress } from "./crypto-progress";
import type {
  AcceptedToken,
  CryptoActions,
  LinkedWallet,
  TransferRow,
  WalletConnectSettings,
} from "./crypto-types";
import { CryptoWallet } from "./crypto-wallet";

interface Props {
  /** Null where this server takes no payments on chain. */
  accepted: AcceptedToken | null;
  sandbox: boolean;
  wallets: LinkedWallet[];
  walletConnect: WalletConnectSettings | null;
  transfers: TransferRow[];
  actions: CryptoActions;
}

/** Buying credits with USDC or USDT from a wallet that is linked to the account. */
export function CryptoPanel({
  accepted,
  sandbox,
  wallets,
  walletConnect,
  transfers,
  actions,
}: Props) {
  if (accepted === null) {
    return (
      <Panel title="Buy by wallet">
        <Notice>
          {sandbox
            ? "The local chain is not available: its program, anvil, is not installed on this machine. npm installs it on Linux x64; elsewhere it is used when Foundry has put it on the PATH."
            : "Payments by wallet are not set up on this server."}
        </Notice>
      </Panel>
    );
  }
  return (
    <Panel
      title="Buy by wallet"
      action={<Linked wallets={wallets} />}
      footer={
        <span>
          Credited when the chain has confirmed it. From a wallet that is not linked, it waits for
          the operator.
        </span>
      }
    >
      <div className="grid gap-4.5">
        {wallets.length > 0 ? null : (
          <p className="text-muted">
            Send USDC or USDT on {accepted.chains.map(({ label }) => label).join(" or ")} from a
            wallet of yours. It is linked to your account once, by a message that you sign.
            {sandbox ? " The sandbox has a wallet of its own, with play money." : ""}
          </p>
        )}
        <CryptoWallet {...{ accepted, wallets, walletConnect, sandbox, actions }} />
        <CryptoProgress transfers={transfers} />
        <AcceptedTokens accepted={accepted} />
        <CryptoCheckForm chains={accepted.chains} check={actions.check} />
      </div>
    </Panel>
  );
}

function Linked({ wallets }: { wallets: LinkedWallet[] }) {
  const [first] = wallets;
  if (first === undefined) return <span className="text-sm text-muted">USDC, USDT</span>;
  return (
    <Badge tone="line">
      <span className="font-mono">{shortHex(first.address)}</span>
      {wallets.length === 1 ? " linked" : ` and ${wallets.length - 1} more linked`}
    </Badge>
  );
}

/** The addresses by name, so that a buyer can compare them with the wallet's. */
function AcceptedTokens({ accepted }: { accepted: AcceptedToken }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-text">
        What is accepted, and where it goes
      </summary>
      <dl className="mt-3 grid gap-3">
        {accepted.chains.flatMap((chain) =>
          chain.tokens.map((token) => (
            <div key={`${chain.name} ${token.name}`}>
              <dt>
                {token.name} on {chain.label} <span className="text-muted">({token.note})</span>
              </dt>
              <dd className="font-mono text-xs break-all text-muted">
                {token.url === null ? (
                  token.address
                ) : (
                  <a className="link" href={token.url} target="_blank" rel="noreferrer">
                    {token.address}
                  </a>
                )}
              </dd>
            </div>
          )),
        )}
        <div>
          <dt>The address that it goes to, on either chain</dt>
          <dd className="font-mono text-xs break-all text-muted">{accepted.treasury}</dd>
        </div>
      </dl>
      <p className="mt-3 text-muted">
        No other token is credited, whatever it is called.{" "}
        {accepted.chains
          .map(({ label, confirmations }) => `${label}: ${confirmations} confirmations`)
          .join(", ")}
        ; from {formatUsd(accepted.finalizedFrom)} on, when the block is final.
      </p>
    </details>
  );
}
