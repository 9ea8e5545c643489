import { log } from "@/lib/log";
import { advanceTransfer, type TransferProgress } from "@/lib/transfers/advance";
import type { Transfer } from "@/lib/transfers/schema";
import { findOwners } from "@/lib/wallets/queries";
import type { ChainName } from "@/lib/wallets/schema";
import { creditParts } from "./credit";
import { readFromExplorer } from "./explorer";
import { classifyTransfer, paymentsTo, type TransferOutcome } from "./classify-transfer";
import { readTransaction, type TransactionReading } from "./read";
import { chainSettings, type ChainSettings } from "./settings";
import { CHAINS } from "./tokens";

/** After so long a hash that the chain does not know is given up; should it turn up later, the scan finds it. */
const GIVE_UP_AFTER_MS = 30 * 60_000;

type MinedTransaction = Extract<TransactionReading, { is: "mined" }>;

/**
 * Looks at a transfer on chain and moves it on: credited, refused with a reason, or to be looked at again. Right to run
 * any number of times concurrently, and to be killed at any point: only the ledger's source ids decide what is credited.
 */
export async function checkTransfer(
  transfer: Transfer,
  {
    now = Date.now(),
    settings = chainSettings(),
  }: { now?: number; settings?: ChainSettings | null } = {},
): Promise<Transfer> {
  if (transfer.state === "credited" || transfer.state === "refused") return transfer;
  const progress = await look({ transfer, now, settings });
  const after = await advanceTransfer(transfer._id, progress);
  if (progress.state === "credited" || progress.state === "refused")
    log.info(`transfer.${progress.state}`, {
      accountId: transfer.accountId,
      code: progress.reason ?? undefined,
    });
  return after ?? transfer;
}

type TransferCheck = { transfer: Transfer; now: number; settings: ChainSettings | null };

async function look({ transfer, now, settings }: TransferCheck): Promise<TransferProgress> {
  const { accountId, chain } = transfer;
  const hash = transfer.hash as `0x${string}`;
  const nextCheck = new Date(now + pauseAfter({ chain, ageMs: now - transfer.sentAt.getTime() }));
  const url = settings?.rpcUrls[chain] ?? null;
  if (settings === null || url === null) return { reason: "chain_off", checkAt: nextCheck };

  const reading = await readTransaction({ chain, url, hash });
  if (reading.is === "wrong_chain") log.error("chain.wrong_id", { chain });
  const { treasury, finalizedFrom } = settings;
  const senders =
    reading.is === "mined" ? paymentsTo({ events: reading.events, chain, treasury }) : [];
  const outcome = classifyTransfer({
    reading,
    chain,
    accountId,
    treasury,
    owners: await findOwners({ chain, addresses: senders.map(({ from }) => from) }),
    needed: settings.confirmations[chain],
    finalizedFrom,
    waitedMs: now - transfer.sentAt.getTime(),
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    wasSeen: transfer.seenAt !== null,
  });
  const seenAt = transfer.seenAt ?? new Date(now);
  const ending = { endedAt: new Date(now) };

  if (outcome.is === "refuse") return { state: "refused", reason: outcome.reason, ...ending };
  if (outcome.is === "wait") return waiting({ outcome, seenAt, again: nextCheck });
  const { parts } = outcome.progress;
  if (reading.is !== "mined") throw new Error("Only a mined transaction is credited.");
  if (!(await explorerAgrees({ settings, transfer, reading })))
    return {
      ...outcome.progress,
      state: "seen",
      seenAt,
      reason: "unconfirmed",
      checkAt: nextCheck,
    };
  const refusal = await creditParts({
    accountId,
    chain,
    hash,
    block: reading.block,
    to: treasury,
    parts,
  });
  if (refusal !== null)
    return { ...outcome.progress, state: "refused", reason: refusal, ...ending };
  return { ...outcome.progress, state: "credited", seenAt, reason: null, ...ending };
}

function waiting(waitingState: {
  outcome: Extract<TransferOutcome, { is: "wait" }>;
  seenAt: Date;
  again: Date;
}): TransferProgress {
  const { state, reason, progress } = waitingState.outcome;
  const progressFields = progress === null ? {} : { ...progress, seenAt: waitingState.seenAt };
  return { state, reason, ...progressFields, checkAt: waitingState.again };
}

/** With a key for Etherscan's API, nothing is credited that it does not report in the same way. */
async function explorerAgrees(input: {
  settings: ChainSettings;
  transfer: Transfer;
  reading: MinedTransaction;
}): Promise<boolean> {
  const { settings, transfer, reading } = input;
  const { explorer, treasury } = settings;
  if (explorer === null) return true;
  const { chain, hash } = transfer;
  const explorerReading = await readFromExplorer({ chain, hash, explorer });
  if (
    explorerReading === null ||
    explorerReading.reverted ||
    explorerReading.blockHash.toLowerCase() !== reading.blockHash.toLowerCase()
  )
    return false;
  const inWords = (events: MinedTransaction["events"]) =>
    paymentsTo({ events, chain, treasury })
      .map((event) => `${event.ordinal} ${event.token} ${event.from} ${event.value}`)
      .join("\n");
  return inWords(explorerReading.events) === inWords(reading.events);
}

/** Often while somebody may be watching, then ever more seldom. */
function pauseAfter({ chain, ageMs }: { chain: ChainName; ageMs: number }): number {
  if (ageMs < 10 * 60_000) return Math.max(2_000, CHAINS[chain].blockMs / 3);
  return ageMs < 3_600_000 ? 15_000 : 120_000;
}
