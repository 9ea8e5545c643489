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
import type { NextStep } from "./next-step";
import { CryptoWallet } from "./crypto-wallet";

interface Props {
  /** Null when this server accepts no payments on chain. */
  tokens: AcceptedToken | null;
  sandbox: boolean;
  wallets: LinkedWallet[];
  walletConnect: WalletConnectSettings | null;
  transfers: TransferRow[];
  /** What to do once a transfer is credited. */
  next: NextStep;
  actions: CryptoActions;
}

/** Buying credits with USDC or USDT from a wallet that is linked to the account. */
export function CryptoPanel({
  tokens,
  sandbox,
  wallets,
  walletConnect,
  transfers,
  next,
  actions,
}: Props) {
  if (tokens === null) {
    return (
      <Panel title="Buy by wallet">
        <Notice>
          {sandbox
            ? "The local chain is not available, because anvil is not installed on this machine. npm installs it on Linux x64; on other systems install Foundry, which puts it on the PATH."
            : "Payments by wallet are not set up on this server."}
        </Notice>
      </Panel>
    );
  }
  return (
    <Panel
      title="Buy by wallet"
      action={<WalletBadge wallets={wallets} />}
      footer={
        <span>
          Credited when the chain has confirmed the transfer. A transfer from a wallet that is not
          linked waits for the operator.
        </span>
      }
    >
      <div className="grid gap-4.5">
        {wallets.length > 0 ? null : (
          <p className="text-muted">
            Send USDC or USDT on {tokens.chains.map(({ label }) => label).join(" or ")} from your
            wallet. You link the wallet to your account once by signing a message.
            {sandbox ? " The sandbox includes a wallet with test money." : ""}
          </p>
        )}
        <CryptoWallet {...{ tokens, wallets, walletConnect, sandbox, actions }} />
        <CryptoProgress transfers={transfers} next={next} />
        <AcceptedTokens tokens={tokens} />
        <CryptoCheckForm chains={tokens.chains} check={actions.check} />
      </div>
    </Panel>
  );
}

function WalletBadge({ wallets }: { wallets: LinkedWallet[] }) {
  const [first] = wallets;
  if (first === undefined) return <span className="text-sm text-muted">USDC, USDT</span>;
  return (
    <Badge tone="line">
      <span className="font-mono">{shortHex(first.address)}</span>
      {wallets.length === 1 ? " linked" : ` and ${wallets.length - 1} more linked`}
    </Badge>
  );
}

/** The token addresses, so that a buyer can compare them with the wallet. */
function AcceptedTokens({ tokens }: { tokens: AcceptedToken }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-text">
        Accepted tokens and addresses
      </summary>
      <dl className="mt-3 grid gap-3">
        {tokens.chains.flatMap((chain) =>
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
          <dt>Recipient address on both chains</dt>
          <dd className="font-mono text-xs break-all text-muted">{tokens.treasury}</dd>
        </div>
      </dl>
      <p className="mt-3 text-muted">
        No other token is credited, whatever its name.{" "}
        {tokens.chains
          .map(({ label, confirmations }) => `${label}: ${confirmations} confirmations`)
          .join(", ")}
        ; from {formatUsd(tokens.finalizedFrom)} on, when the block is final.
      </p>
    </details>
  );
}
