import { getAddress } from "viem";
import { CryptoPanel } from "@/components/billing/crypto-panel";
import type { AccountMember } from "@/lib/auth/member";
import { env } from "@/lib/env";
import { acceptedOnChain, listTransferViews } from "@/lib/payments/chain/views";
import { listWallets } from "@/lib/wallets/queries";
import { nextStep } from "../next-step";
import {
  checkTransactionAction,
  genesisAction,
  linkWalletAction,
  prepareLinkAction,
  submitTransferAction,
} from "./crypto-actions";

/** Purchases by wallet: accepted tokens, linked wallets, and transfers in progress. */
export async function CryptoSection({ member }: { member: AccountMember }) {
  const { account } = member;
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
      next={await nextStep(member)}
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
