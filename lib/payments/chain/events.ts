import { parseAbi, parseEventLogs, type Log, type RpcLog } from "viem";

const TRANSFER = parseAbi([
  "event Transfer(address indexed from, address indexed to, uint256 value)",
]);

/** A token's transfer event; addresses are in lower case. `value` is in the token's smallest unit. */
export type TransferEvent = {
  ordinal: number;
  contract: string;
  from: string;
  to: string;
  value: bigint;
};

/** Every transfer event of a transaction in order, of whichever contract: its place among them is its ordinal. */
export function transferEvents(logs: (Log | RpcLog)[]): TransferEvent[] {
  return parseEventLogs({ abi: TRANSFER, eventName: "Transfer", logs, strict: true }).map(
    (log, ordinal) => ({
      ordinal,
      contract: log.address.toLowerCase(),
      from: log.args.from.toLowerCase(),
      to: log.args.to.toLowerCase(),
      value: log.args.value,
    }),
  );
}
