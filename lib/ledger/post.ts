import type { Account } from "@/lib/accounts/schema";
import { collection } from "@/lib/db/client";
import { AppError, isDuplicate } from "@/lib/errors";
import { nano } from "@/lib/money";
import { ledger } from "./collection";
import type { LedgerEntry } from "./schema";

type Source = { sourceId: string; accountId: string; kind: LedgerEntry["kind"]; amount: number; reason?: string };

/**
 * Posts an amount (nano-credits) to an account once per source id. Entries of an account are applied in the order of
 * their `seq`, each by a write that requires the one before: a crash in between is finished by the next post or the sweep.
 */
export async function post({ sourceId, accountId, kind, amount, reason }: Source): Promise<LedgerEntry> {
  const [entries, accounts] = [await ledger(), await collection<Account>("accounts")];
  for (;;) {
    const posted = await entries.findOne({ _id: sourceId });
    if (posted) return apply(posted);
    const account = await accounts.findOne({ _id: accountId }, { projection: { seq: 1 } });
    if (!account) throw new AppError("not_found", "There is no such account.");
    const earlier = await entries.findOne({ accountId, seq: account.seq + 1 });
    if (earlier) {
      await apply(earlier);
      continue;
    }
    const entry: LedgerEntry = {
      _id: sourceId,
      accountId,
      seq: account.seq + 1,
      kind,
      amount: nano(amount),
      at: new Date(),
      applied: false,
      ...(reason ? { reason } : {}),
    };
    try {
      await entries.insertOne(entry);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      continue;
    }
    return apply(entry);
  }
}

async function apply(entry: LedgerEntry): Promise<LedgerEntry> {
  const accounts = await collection<Account>("accounts");
  await accounts.updateOne(
    { _id: entry.accountId, seq: entry.seq - 1 },
    { $inc: { credits: entry.amount, posted: entry.amount, seq: 1 } },
  );
  await (await ledger()).updateOne({ _id: entry._id }, { $set: { applied: true } });
  return entry;
}

/** Finishes posts that a crash left between their two writes; returns how many. */
export async function finishPosts(): Promise<number> {
  const pending = await (await ledger()).find({ applied: false }).sort({ seq: 1 }).toArray();
  for (const entry of pending) await apply(entry);
  return pending.length;
}
