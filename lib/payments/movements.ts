import { balanceOf, type Account } from "@/lib/accounts/schema";
import { listEntriesOf } from "@/lib/ledger/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { listCells } from "@/lib/usage/figures";
import { DAY_MS, RETENTION_DAYS, startOfDay } from "@/lib/usage/schema";

/** What changed a balance, and the balance after it (nano-credits): a ledger entry, or what requests cost on one day. */
export type CreditMovement = { amount: number; balance: number; at: Date } & (
  | { kind: "usage"; requests: number; today: boolean }
  | { kind: "earlier" }
  | { kind: "entry"; entry: LedgerEntry }
);

export type MovementPage = {
  list: CreditMovement[];
  /** Nano-credits: what was bought, granted, taken over as debt and taken back, and what requests cost. Together they are the balance. */
  bought: number;
  granted: number;
  debt: number;
  takenBack: number;
  used: number;
};

/**
 * Everything that moved an account's balance, the newest first. The balances start from the account's own, so the table
 * adds up to what the page shows, whatever requests are being settled meanwhile.
 */
export async function listMovements(account: Account, now = Date.now()): Promise<MovementPage> {
  const today = startOfDay(now);
  const from = startOfDay(account.createdAt.getTime());
  const [entries, cells] = await Promise.all([
    listEntriesOf(account),
    listCells({ accountId: account._id, from, to: today }),
  ]);
  const days = new Map<number, { cost: number; requests: number }>();
  for (const { day, cost, requests } of cells) {
    const sum = days.get(day.getTime()) ?? { cost: 0, requests: 0 };
    days.set(day.getTime(), { cost: sum.cost + cost, requests: sum.requests + requests });
  }
  const listedTotal = [...days.values()].reduce((sum, { cost }) => sum + cost, 0);
  // A row is written before it is charged, so today's may differ for a moment. Days older than the rows may be unknown.
  const unlistedTotal = account.charged - listedTotal;
  const old = unlistedTotal > 0 && now - account.createdAt.getTime() > RETENTION_DAYS * DAY_MS;
  const open = days.get(today.getTime()) ?? { cost: 0, requests: 0 };
  if (unlistedTotal !== 0 && !old)
    days.set(today.getTime(), { ...open, cost: open.cost + unlistedTotal });

  const moves: Omit<CreditMovement, "balance">[] = [
    ...entries.map((entry) => ({
      kind: "entry" as const,
      amount: entry.amount,
      at: entry.at,
      entry,
    })),
    ...[...days]
      .filter(([, { cost }]) => cost !== 0)
      .map(([day, { cost, requests }]) => ({
        kind: "usage" as const,
        amount: -cost,
        at: new Date(day),
        requests,
        today: day === today.getTime(),
      })),
    ...(old ? [{ kind: "earlier" as const, amount: -unlistedTotal, at: from }] : []),
  ];
  const sum = (kinds: LedgerEntry["kind"][]) =>
    entries.reduce((total, entry) => total + (kinds.includes(entry.kind) ? entry.amount : 0), 0);
  return {
    list: withBalances(moves.toSorted(newestFirst), balanceOf(account)),
    bought: sum(["purchase"]),
    granted: sum(["grant"]),
    debt: -sum(["debt"]),
    takenBack: -sum(["refund", "dispute"]),
    used: account.charged,
  };
}

/** A day's usage stands above what was posted on that day, since it goes on to the day's end. */
function newestFirst(
  a: Omit<CreditMovement, "balance">,
  b: Omit<CreditMovement, "balance">,
): number {
  const [dayA, dayB] = [startOfDay(a.at.getTime()).getTime(), startOfDay(b.at.getTime()).getTime()];
  if (dayA !== dayB) return dayB - dayA;
  const rank = { usage: 0, entry: 1, earlier: 2 };
  return rank[a.kind] - rank[b.kind] || seqOf(b) - seqOf(a);
}

const seqOf = (move: Omit<CreditMovement, "balance">) =>
  "entry" in move ? (move as { entry: LedgerEntry }).entry.seq : 0;

function withBalances(moves: Omit<CreditMovement, "balance">[], balance: number): CreditMovement[] {
  let after = balance;
  return moves.map((move) => {
    const movement = { ...move, balance: after } as CreditMovement;
    after -= move.amount;
    return movement;
  });
}
