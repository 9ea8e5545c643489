import type { FormAction, FormState } from "@/components/ui/form-state";
import type { TrackStep } from "@/components/ui/track";
import type { ChainName, TokenName } from "@/lib/wallets/schema";

export interface AcceptedChain {
  name: ChainName;
  /** The chain id. */
  id: number;
  label: string;
  confirmations: number;
  tokens: { name: TokenName; address: `0x${string}`; url: string | null; note: string }[];
}

export interface AcceptedToken {
  treasury: `0x${string}`;
  /** Nano-credits from which a transfer waits until its block is final. */
  finalizedFrom: number;
  chains: AcceptedChain[];
  /** Bounds of one purchase, in nano-credits. */
  least: number;
  most: number;
  /** The purchase fee that is sent on top of the amount. */
  fee: { bps: number; fixed: number };
}

/** WalletConnect's relay, and this server's project id there. */
export interface WalletConnectSettings {
  projectId: string;
  relayUrl: string;
}

/** A linked wallet. `chain` is null when the wallet is valid on every chain. */
export interface LinkedWallet {
  address: string;
  chain: ChainName | null;
}

export interface TransferRow {
  id: string;
  hash: string;
  url: string | null;
  title: string;
  open: boolean;
  steps: TrackStep[];
  reason: string | null;
}

export interface CryptoActions {
  prepareLink: (input: { address: `0x${string}`; chain: ChainName }) => Promise<FormState<string>>;
  link: (input: { message: string; signature: `0x${string}` }) => Promise<FormState>;
  submit: (input: {
    chain: ChainName;
    hash: string;
    expected: { token: TokenName; amount: number };
  }) => Promise<FormState>;
  check: FormAction;
  genesis: (chain: ChainName) => Promise<FormState<string>>;
}
