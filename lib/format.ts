import { formatCredits } from "./money";

/** What people read: dollars, counts, dates and durations. Programs get `formatCredits`. */

/** "$1,234.56" with at least `places` decimals; further digits only where they are not zero. The minus is U+2212. */
export function formatUsd(amount: number, places = 2): string {
  const { sign, dollars, part } = splitUsd(amount, places);
  return `${sign}$${dollars}.${part}`;
}

/** The parts of a dollar amount, nothing rounded: sign ("" or "−"), grouped dollars, at least `places` decimals. */
export function splitUsd(
  amount: number,
  places = 6,
): { sign: string; dollars: string; part: string } {
  const text = formatCredits(amount);
  const [dollars = "0", part = ""] = text.replace("-", "").split(".");
  return {
    sign: text.startsWith("-") ? "−" : "",
    dollars: dollars.replace(/\B(?=(\d{3})+$)/g, ","),
    part: part.slice(0, places) + part.slice(places).replace(/0+$/, ""),
  };
}

/** An amount of nano-credits to six decimals, for figures in strips. */
export const roundToMicro = (nano: number, direction: "up" | "down"): number =>
  (direction === "up" ? Math.ceil(nano / 1_000) : Math.floor(nano / 1_000)) * 1_000;

/** 1203 → "1,203". */
export function formatCount(value: number): string {
  return Math.trunc(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The size of a context window: 1050000 → "1.05M", 272000 → "272K", 65536 → "66K". */
export function formatSize(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(2))}M`;
  if (value >= 1000) return `${Math.round(value / 1000)}K`;
  return String(value);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "24 Nov 2026", in UTC. */
export function formatDay(at: Date): string {
  return `${at.getUTCDate()} ${months[at.getUTCMonth()] ?? ""} ${at.getUTCFullYear()}`;
}

/** "14:32:01", in UTC. */
export function formatTime(at: Date): string {
  return at.toISOString().slice(11, 19);
}

/** 2400 → "2.4 s", 180 → "180 ms", 95000 → "1 min 35 s". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** To the millisecond, so that parts add up: "0.912 s". */
export const formatSeconds = (milliseconds: number): string =>
  `${(milliseconds / 1000).toFixed(3)} s`;

/** How long something still holds: "7 days" from two days on, then "23 h 59 min", "12 min". Rounded down. */
export function formatRemaining(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes >= 2_880) return `${Math.floor(minutes / 1_440)} days`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
}

/** The smallest of 1, 2 and 5 times a power of ten of which at most `lines` multiples reach up to the highest bar. */
export function gridStep(highest: number, lines: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest / (lines + 1)));
  return ([1, 2, 5, 10].find((factor) => highest < factor * power * (lines + 1)) ?? 20) * power;
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** "Tuesday 24 Nov 2026", in UTC. */
export function formatLongDay(at: Date): string {
  return `${weekdays[at.getUTCDay()] ?? ""} ${formatDay(at)}`;
}

/** "24 Nov", in UTC: for an axis, and for days of this year. */
export function formatShortDay(at: Date): string {
  return formatDay(at).slice(0, -5);
}

const longMonths =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** "November", in UTC. */
export function formatMonth(at: Date): string {
  return longMonths[at.getUTCMonth()] ?? "";
}

/** "24 Nov 2026, 14:32", in UTC. */
export function formatMoment(at: Date): string {
  return `${formatDay(at)}, ${formatTime(at).slice(0, 5)}`;
}

/** An amount to the cent, rounded down, for a figure whose exact digits are shown elsewhere: "$1.23", "<$0.01". */
export function formatCents(amount: number): string {
  if (amount > 0 && amount < 10_000_000) return "<$0.01";
  return formatUsd(Math.floor(amount / 10_000_000) * 10_000_000);
}

/** An address or hash by its ends: "0x3a9E…41F2". */
export function shortHex(value: string): string {
  return `${value.slice(0, 6)}…${value.slice(-4)}`;
}
