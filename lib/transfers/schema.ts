import { z } from "zod";
import { ChainName, TokenName } from "@/lib/wallets/schema";

/** Why a transfer was refused, or why it is not getting on; `lib/payments/chain/reasons.ts` has the sentences. */
export const TransferReason = z.enum([
  "unreachable",
  "wrong_chain",
  "chain_off",
  "unconfirmed",
  "reorganised",
  "not_found",
  "reverted",
  "no_transfer",
  "wrong_token",
  "wrong_recipient",
  "not_yours",
  "zero",
  "too_small",
  "too_large",
  "already_credited",
]);
export type TransferReason = z.infer<typeof TransferReason>;

/** One transfer event of an accepted token to the treasury, from a wallet of the account. */
export const TransferPart = z.object({
  /** Which of the transaction's transfer events it is: unlike a log index, the same after a reorganisation. */
  ordinal: z.number().int(),
  token: TokenName,
  from: z.string(),
  /** Nano-credits. */
  amount: z.number().int(),
});
export type TransferPart = z.infer<typeof TransferPart>;

/** A transaction that an account pays with, until it is credited or refused with a reason. */
export const Transfer = z.object({
  /** `accountId/chain/hash`: claiming another's transaction takes nothing from its owner. */
  _id: z.string(),
  accountId: z.string(),
  chain: ChainName,
  hash: z.string(),
  /** What the buyer's page said it would send: shown until the chain says what was sent, and never credited. */
  expected: z.object({ token: TokenName, amount: z.number().int() }).nullable(),
  state: z.enum(["sent", "seen", "credited", "refused"]),
  reason: TransferReason.nullable(),
  parts: z.array(TransferPart),
  confirmations: z.number().int(),
  needed: z.number().int(),
  /** Large enough to wait for the chain's finality beyond the confirmations. */
  final: z.boolean(),
  sentAt: z.date(),
  seenAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  /** When it is to be looked at next. */
  checkAt: z.date(),
});
export type Transfer = z.infer<typeof Transfer>;

/** An ended transfer is kept for so long, for its reason to be read. What was credited stays in the ledger. */
export const ENDED_DAYS = 30;

/** A transfer to the treasury whose sender is linked to no account: the operator assigns it. */
export const UnmatchedTransfer = z.object({
  /** The ledger's source id, so that it is credited once whichever way it is found. */
  _id: z.string(),
  chain: ChainName,
  hash: z.string(),
  ordinal: z.number().int(),
  token: TokenName,
  from: z.string(),
  /** Nano-credits, at most 2^53 of them; what is larger is recorded at that. */
  amount: z.number().int(),
  foundAt: z.date(),
  state: z.enum(["waiting", "assigned"]),
  accountId: z.string().nullable(),
  /** Who assigned it: an operator, or the account's own linking of the sender's wallet. */
  assignedBy: z.string().nullable(),
  assignedAt: z.date().nullable(),
});
export type UnmatchedTransfer = z.infer<typeof UnmatchedTransfer>;

/** How far a chain has been searched for transfers to the treasury. */
export const ScanCursor = z.object({ _id: z.string(), block: z.number().int(), at: z.date() });
export type ScanCursor = z.infer<typeof ScanCursor>;

/** The ledger's source id of one transfer: (chain, lower-case hash, ordinal) is unique. */
export function sourceIdOf({
  chain,
  hash,
  ordinal,
}: {
  chain: ChainName;
  hash: string;
  ordinal: number;
}): string {
  return `${chain}:${hash.toLowerCase()}:${ordinal}`;
}
