import type { TransferReason } from "@/lib/transfers/schema";
import type { ChainName } from "@/lib/wallets/schema";
import { CHAINS } from "./tokens";

/** A reason in words: what happened, and what to do. `ended` distinguishes a refusal from a wait for the same reason. */
export function explain({
  reason,
  chain,
  ended: isFinal,
}: {
  reason: TransferReason;
  chain: ChainName;
  ended: boolean;
}): string {
  const { name, explorer } = CHAINS[chain];
  switch (reason) {
    case "unreachable":
      return `The ${name} node does not answer. Nothing is lost: it is asked again until it does.`;
    case "wrong_chain":
      return `The node set up for ${name} answers for another chain, so nothing is credited from it. The operator has to put it right; the transfer is checked again then.`;
    case "chain_off":
      return `Payments over ${name} are switched off on this server for now. The transfer is checked once they are back.`;
    case "unconfirmed":
      return `${explorer.name} does not show the same transfer yet. It is credited once both agree.`;
    case "reorganised":
      return `${name} dropped the block that the transfer was in. It is credited if the transfer is included again.`;
    case "not_found":
      return isFinal
        ? `Not credited: ${name} knows no transaction with this hash. If your wallet shows it as sent, check that it was sent on ${name}.`
        : `${name} does not know this transaction yet. It is looked for until it does.`;
    case "reverted":
      return "Not credited: the transaction was reverted, so no tokens moved. Your wallet shows why; send it again.";
    case "no_transfer":
      return "Not credited: the transaction holds no transfer of USDC or USDT.";
    case "wrong_token":
      return "Not credited: the token is not one of the accepted contracts, whatever it is called.";
    case "wrong_recipient":
      return "Not credited: the transfer went to another address.";
    case "not_yours":
      return "Not credited: the sender is not a wallet linked to this account. Link the wallet it was sent from, and it is credited.";
    case "zero":
      return "Not credited: the amount is 0.";
    case "too_small":
      return "Not credited: the amount does not cover the purchase fee.";
    case "too_large":
      return "Not credited yet: the amount is larger than one purchase may be. Write to the operator, who can see it.";
    case "already_credited":
      return "Not credited again: this transfer was credited before.";
    default:
      return reason satisfies never;
  }
}
