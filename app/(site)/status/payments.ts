import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { listLedgerDays, listPurchaseTimes } from "@/lib/ledger/queries";
import { HEALTH_DAYS, HOUR_MS } from "@/lib/provider-health/schema";
import { listAttention } from "@/lib/purchases/queries";
import { listCreditedWaits } from "@/lib/transfers/queries";
import { levelOf, type HealthBar, type HealthLevel } from "./health";
import { sumOf } from "./views";

const DAY_MS = 24 * HOUR_MS;

/** How payments did: `sent` are those that were paid, `answered` those of them that were credited. */
export type PaymentHealth = {
  /** Of the last 24 hours. */
  level: HealthLevel;
  hours: HealthBar[];
  days: HealthBar[];
  /** Milliseconds from a transfer's block until it was credited, of the last 24 hours; null without a transfer. */
  creditedP50: number | null;
};

/** Null where this server takes no payments. A payment that waits for the operator was paid and is not credited. */
export async function readPayments(at = now()): Promise<PaymentHealth | null> {
  const { stripe, chain } = env();
  if (stripe === null && chain === null) return null;
  const firstHour = Math.floor(at / HOUR_MS) * HOUR_MS - 23 * HOUR_MS;
  const firstDay = Math.floor(at / DAY_MS) * DAY_MS - (HEALTH_DAYS - 1) * DAY_MS;
  const [times, ledgerDays, attention, waits] = await Promise.all([
    listPurchaseTimes({ from: new Date(firstHour) }),
    listLedgerDays({ from: new Date(firstDay) }),
    listAttention(),
    listCreditedWaits({ from: new Date(firstHour) }),
  ]);
  const creditedDays = ledgerDays
    .filter(({ kind }) => kind === "purchase")
    .map(({ day, entries }) => ({ at: day, count: entries }));
  const waiting = attention.map(({ createdAt }) => ({ at: createdAt, count: 1 }));
  const bars = (count: number, first: number, length: number, credits: TimedCount[]) =>
    Array.from({ length: count }, (_, index): HealthBar => {
      const start = first + index * length;
      const creditedCount = countWithin(credits, start, length);
      return {
        at: new Date(start),
        sent: creditedCount + countWithin(waiting, start, length),
        answered: creditedCount,
      };
    });
  const hours = bars(
    24,
    firstHour,
    HOUR_MS,
    times.map((time) => ({ at: time, count: 1 })),
  );
  return {
    level: levelOf(sumOf(hours), 1),
    hours,
    days: bars(HEALTH_DAYS, firstDay, DAY_MS, creditedDays),
    creditedP50: waits.toSorted((a, b) => a - b)[Math.floor((waits.length - 1) / 2)] ?? null,
  };
}

type TimedCount = { at: Date; count: number };

const countWithin = (counts: TimedCount[], start: number, length: number): number =>
  counts.reduce(
    (sum, { at, count }) =>
      at.getTime() >= start && at.getTime() < start + length ? sum + count : sum,
    0,
  );
