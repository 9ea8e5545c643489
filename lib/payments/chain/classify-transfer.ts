import type { TransferPart, TransferReason } from "@/lib/transfers/schema";
import type { ChainName } from "@/lib/wallets/schema";
import type { TransferEvent } from "./events";
import type { TransactionReading } from "./read";
import { nanoOf, tokenAt } from "./tokens";

/** What a reading means for an account: wait, refuse, or credit these parts. */
export type TransferOutcome =
  | {
      is: "wait";
      state: "sent" | "seen";
      reason: TransferReason | null;
      progress: ConfirmationDepth | null;
    }
  | { is: "refuse"; reason: TransferReason }
  | { is: "credit"; progress: ConfirmationDepth };
export type ConfirmationDepth = {
  parts: TransferPart[];
  confirmations: number;
  needed: number;
  final: boolean;
};

export type TransferCase = {
  reading: TransactionReading;
  chain: ChainName;
  accountId: string;
  treasury: string;
  /** The account that each sender is linked to. */
  owners: Map<string, string>;
  needed: number;
  finalizedFrom: number;
  /** How long ago the transaction was reported. */
  waitedMs: number;
  giveUpAfterMs: number;
  /** It was in a block when last looked at. */
  wasSeen: boolean;
};

/** Decides on a transaction from what the node says; nothing of it comes from the buyer. */
export function classifyTransfer(transferCase: TransferCase): TransferOutcome {
  const { reading } = transferCase;
  switch (reading.is) {
    case "unreachable":
    case "wrong_chain":
      return {
        is: "wait",
        state: transferCase.wasSeen ? "seen" : "sent",
        reason: reading.is,
        progress: null,
      };
    case "waiting":
      return {
        is: "wait",
        state: "sent",
        reason: transferCase.wasSeen ? "reorganised" : null,
        progress: null,
      };
    case "unknown":
      if (transferCase.waitedMs >= transferCase.giveUpAfterMs)
        return { is: "refuse", reason: "not_found" };
      return {
        is: "wait",
        state: "sent",
        reason: transferCase.wasSeen ? "reorganised" : "not_found",
        progress: null,
      };
    case "mined":
      return classifyMined(transferCase, reading);
    default:
      return reading satisfies never;
  }
}

function classifyMined(
  transferCase: TransferCase,
  reading: Extract<TransactionReading, { is: "mined" }>,
): TransferOutcome {
  if (!reading.canonical)
    return { is: "wait", state: "sent", reason: "reorganised", progress: null };
  if (reading.reverted) return { is: "refuse", reason: "reverted" };
  const payments = paymentsTo({ events: reading.events, ...transferCase });
  if (payments.length === 0)
    return { is: "refuse", reason: whyNothingCame(reading.events, transferCase) };
  const ownPayments = payments.filter(
    (event) => transferCase.owners.get(event.from) === transferCase.accountId,
  );
  if (ownPayments.length === 0) return { is: "refuse", reason: "not_yours" };
  const nonZero = ownPayments.filter((event) => event.value > 0n);
  if (nonZero.length === 0) return { is: "refuse", reason: "zero" };
  const parts: TransferPart[] = [];
  for (const { ordinal, token, from, value } of nonZero) {
    const amount = nanoOf(value);
    if (amount === null) return { is: "refuse", reason: "too_large" };
    parts.push({ ordinal, token, from, amount });
  }
  const final = parts.reduce((sum, part) => sum + part.amount, 0) >= transferCase.finalizedFrom;
  const progress = {
    parts,
    confirmations: reading.confirmations,
    needed: transferCase.needed,
    final,
  };
  const isSettled = reading.confirmations >= transferCase.needed && (!final || reading.final);
  return isSettled
    ? { is: "credit", progress }
    : { is: "wait", state: "seen", reason: null, progress };
}

type TokenPayment = TransferEvent & { token: TransferPart["token"] };

/** The transfers of accepted tokens to the treasury, whoever sent them. */
export function paymentsTo({
  events,
  chain,
  treasury,
}: {
  events: TransferEvent[];
  chain: ChainName;
  treasury: string;
}): TokenPayment[] {
  return events.flatMap((event) => {
    const token = tokenAt(chain, event.contract);
    return token !== null && event.to === treasury ? [{ ...event, token }] : [];
  });
}

function whyNothingCame(
  events: TransferEvent[],
  { chain, treasury }: TransferCase,
): TransferReason {
  if (events.some((event) => event.to === treasury)) return "wrong_token";
  if (events.some((event) => tokenAt(chain, event.contract) !== null)) return "wrong_recipient";
  return "no_transfer";
}
