import { getAddress } from "viem";
import { env } from "@/lib/env";
import { formatTime, formatUsd } from "@/lib/format";
import type { NanoCredits } from "@/lib/money";
import { PURCHASE_MAX, PURCHASE_MIN } from "@/lib/payments/purchase-amount";
import { listTransfers } from "@/lib/transfers/queries";
import type { Transfer } from "@/lib/transfers/schema";
import { TokenName, type ChainName } from "@/lib/wallets/schema";
import { explain } from "./reasons";
import { chainSettings, enabledChains } from "./settings";
import { CHAINS } from "./tokens";

const SHOWN_MAX = 5;
const CREDITED_SHOWN_MS = 3_600_000;
const REFUSED_SHOWN_MS = 24 * 3_600_000;

export type TransferStep = {
  name: string;
  note?: string;
  state: "done" | "now" | "todo" | "failed";
};
export type TransferView = {
  id: string;
  hash: string;
  /** Where an explorer shows it; null in the sandbox, whose chain no explorer knows. */
  url: string | null;
  /** Such as "50.00 USDC on Base, on its way". */
  title: string;
  open: boolean;
  steps: TransferStep[];
  /** Why it was refused, or why it is not getting on. */
  reason: string | null;
};

/** An account's transfers that are in progress or ended lately, as the page shows them, the newest first. */
export async function listTransferViews(
  accountId: string,
  now = Date.now(),
): Promise<TransferView[]> {
  const latest = await listTransfers({ accountId, limit: 50 });
  return latest
    .filter(({ state, endedAt }) => {
      const ago = now - (endedAt?.getTime() ?? now);
      return ago < (state === "refused" ? REFUSED_SHOWN_MS : CREDITED_SHOWN_MS);
    })
    .slice(0, SHOWN_MAX)
    .map(viewOf);
}

function viewOf(transfer: Transfer): TransferView {
  const { chain, hash, state, reason } = transfer;
  const open = state === "sent" || state === "seen";
  const ending = {
    sent: "on its way",
    seen: "on its way",
    credited: "credited",
    refused: "not credited",
  }[state];
  return {
    id: transfer._id,
    hash,
    url: env().mode === "sandbox" ? null : `${CHAINS[chain].explorer.url}/tx/${hash}`,
    title: `${amountOf(transfer)} on ${CHAINS[chain].name}, ${ending}`,
    open,
    steps: stepsOf(transfer),
    reason: reason === null ? null : explain({ reason, chain, ended: !open }),
  };
}

/** What the chain says was sent; until it says so, what the page said it would send. */
function amountOf({ parts, expected: expectedPart }: Transfer): string {
  const texts = TokenName.options.flatMap((token) => {
    const amounts = parts.filter((part) => part.token === token).map((part) => part.amount);
    return amounts.length === 0
      ? []
      : [`${bare(amounts.reduce((sum, amount) => sum + amount, 0))} ${token}`];
  });
  if (texts.length > 0) return texts.join(" and ");
  return expectedPart === null
    ? "A transfer"
    : `${bare(expectedPart.amount)} ${expectedPart.token}`;
}

const bare = (amount: number) => formatUsd(amount).replace("$", "");

function stepsOf(transfer: Transfer): TransferStep[] {
  const {
    chain,
    state,
    seenAt,
    sentAt,
    endedAt,
    confirmations,
    needed: neededConfirmations,
    final,
  } = transfer;
  const isSeen = seenAt !== null && state !== "sent";
  const sentStep: TransferStep = { name: "Sent", note: formatTime(sentAt), state: "done" };
  const inBlock: TransferStep = {
    name: "Seen",
    note: isSeen ? formatTime(seenAt) : undefined,
    state: isSeen ? "done" : "now",
  };
  const shownConfirmations = Math.min(confirmations, neededConfirmations);
  const enough = neededConfirmations > 0 && confirmations >= neededConfirmations;
  const confirmedStep: TransferStep = {
    name: "Confirmations",
    note: !isSeen
      ? undefined
      : enough && final && state === "seen"
        ? "until final"
        : `${shownConfirmations} of ${neededConfirmations}`,
    state: state === "credited" ? "done" : state === "seen" ? "now" : "todo",
  };
  const wait = Math.max(1, neededConfirmations - confirmations) * CHAINS[chain].blockMs;
  const creditedStep: TransferStep =
    state === "credited"
      ? { name: "Credited", note: endedAt ? formatTime(endedAt) : undefined, state: "done" }
      : {
          name: "Credited",
          note: isSeen && !final ? aboutSeconds(wait) : undefined,
          state: "todo",
        };
  const steps = [sentStep, inBlock, confirmedStep, creditedStep];
  if (state !== "refused") return steps;
  const stepIndex = isSeen ? 3 : 1;
  return steps.map((step, at) => ({
    ...step,
    note: at >= stepIndex ? undefined : step.note,
    state: at < stepIndex ? "done" : at === stepIndex ? "failed" : "todo",
  }));
}

function aboutSeconds(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 90 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} min`;
}

export type ChainView = {
  name: ChainName;
  id: number;
  label: string;
  confirmations: number;
  tokens: { name: TokenName; address: `0x${string}`; url: string; note: string }[];
};

export type AcceptedView = {
  treasury: `0x${string}`;
  finalizedFrom: number;
  chains: ChainView[];
  /** The bounds of what the page offers to send; what arrives is credited whatever it is. */
  least: NanoCredits;
  most: NanoCredits;
  fee: { bps: number; fixed: number };
};

/** What this server accepts on chain and where it is to be sent; null where it accepts nothing. */
export function acceptedOnChain(): AcceptedView | null {
  const settings = chainSettings();
  if (settings === null) return null;
  const { treasury, finalizedFrom, confirmations } = settings;
  const chains = enabledChains(settings).map((name) => {
    const { id, name: label, explorer, tokens } = CHAINS[name];
    return {
      name,
      id,
      label,
      confirmations: confirmations[name],
      tokens: TokenName.options.map((token) => {
        const { address, note } = tokens[token];
        return { name: token, address, note, url: `${explorer.url}/token/${address}` };
      }),
    };
  });
  const { purchaseFeeBps: bps, purchaseFeeFixed: fixedFee } = env();
  const offer = { least: PURCHASE_MIN, most: PURCHASE_MAX, fee: { bps, fixed: fixedFee } };
  return { treasury: getAddress(treasury), finalizedFrom, chains, ...offer };
}
