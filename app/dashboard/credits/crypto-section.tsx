import { getAddress } from "viem";
import { CryptoPanel } from "@/components/billing/crypto-panel";
import type { Account } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { acceptedOnChain, listTransferViews } from "@/lib/payments/chain/views";
import { listWallets } from "@/lib/wallets/queries";
import {
  checkTransactionAction,
  genesisAction,
  linkWalletAction,
  prepareLinkAction,
  submitTransferAction,
} from "./crypto-actions";

/** Purchases by wallet: accepted tokens, linked wallets, and transfers in progress. */
export async function CryptoSection({ account }: { account: Account }) {
  const tokens = acceptedOnChain();
  const [wallets, transfers] = await Promise.all([
    listWallets(account._id),
    listTransferViews(account._id),
  ]);
  return (
    <CryptoPanel
      tokens={tokens}
      sandbox={env().mode === "sandbox"}
      walletConnect={env().walletConnect}
      wallets={wallets.map(({ address, chain }) => ({ address: getAddress(address), chain }))}
      transfers={transfers}
      actions={{
        prepareLink: prepareLinkAction,
        link: linkWalletAction,
        submit: submitTransferAction,
        check: checkTransactionAction,
        genesis: genesisAction,
      }}
    />
  );
}
