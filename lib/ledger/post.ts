import { FREE_REQUESTS, GrantRefusal, type Account } from "@/lib/accounts/schema";
import { collection } from "@/lib/db/collection";
import * as clock from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError, isDuplicate } from "@/lib/errors";
import { nano } from "@/lib/money";
import { retryUntilApplied } from "@/lib/retry-until-applied";
import { withinPurchase } from "./claims";
import { ledger } from "./collection";
import type { LedgerEntry } from "./schema";

const accounts = collection<Account>("accounts");

/** Each failed attempt means that another entry of the account was posted. */
const POST_TRIES = 1_000;

type EntrySource = { sourceId: string } & Pick<LedgerEntry, "accountId" | "kind" | "amount"> &
  Partial<Pick<LedgerEntry, "reason" | "fee" | "stripe" | "chain" | "of" | "receipt">>;

/**
 * Posts an amount (nano-credits) to an account once per source id. Entries of an account are applied in the order of
 * their `seq`, each by a write that requires the one before: a crash in between is finished by the next post or the sweep.
 * With `of`, the amount is a claim on that purchase, and only what is left of it is taken or given back.
 */
export async function post({ sourceId, amount, ...details }: EntrySource): Promise<LedgerEntry> {
  const { accountId, of } = details;
  return retryUntilApplied(POST_TRIES, async () => {
    const existing = await ledger.findOne({ _id: sourceId });
    if (existing) return apply(existing);
    const account = await accounts.findOne({ _id: accountId }, { projection: { seq: 1 } });
    if (!account) throw new AppError("not_found", "There is no such account.");
    const earlier = await ledger.findOne({ accountId, seq: account.seq + 1 });
    if (earlier) {
      await apply(earlier);
      return undefined;
    }
    // Read after `seq`: an entry that is missed here takes the same `seq`, and the insert below fails.
    const change = of === undefined ? amount : await claimOn({ accountId, of, claim: amount });
    const entry: LedgerEntry = {
      _id: sourceId,
      ...details,
      ...(of === undefined ? {} : { claimed: nano(amount) }),
      seq: account.seq + 1,
      amount: nano(change),
      at: new Date(clock.now()),
      applied: false,
    };
    try {
      await ledger.insertOne(entry);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return undefined;
    }
    return apply(entry);
  });
}

async function claimOn({
  accountId,
  of,
  claim,
}: {
  accountId: string;
  of: string;
  claim: number;
}): Promise<number> {
  const purchase = await ledger.findOne({ _id: of, accountId, kind: "purchase" });
  if (!purchase) throw new AppError("not_found", "There is no such purchase.");
  const earlier = await ledger.find({ of, accountId }).toArray();
  return withinPurchase({ purchase: purchase.amount, earlier, claim });
}

async function apply(entry: LedgerEntry): Promise<LedgerEntry> {
  if (entry.applied) return entry;
  await accounts.updateOne(
    { _id: entry.accountId, seq: entry.seq - 1 },
    { $inc: { credits: entry.amount, posted: entry.amount, seq: 1 } },
  );
  // Before the entry is marked as applied, so that a crash in between is made good by the next pass.
  if (entry.kind === "purchase")
    await accounts.updateOne(
      { _id: entry.accountId, freeWithheld: { $in: GrantRefusal.options } },
      {
        $set: { free: { requests: FREE_REQUESTS, credits: env().freeCreditsMax } },
        $unset: { freeWithheld: "" },
      },
    );
  await ledger.updateOne({ _id: entry._id }, { $set: { applied: true } });
  return { ...entry, applied: true };
}

/** Finishes posts that a crash left between their two writes; returns how many. */
export async function finishPosts(): Promise<number> {
  const pending = await ledger.find({ applied: false }).sort({ seq: 1 }).toArray();
  for (const entry of pending) await apply(entry);
  return pending.length;
}
