import type { Account } from "@/lib/accounts/schema";
import { formatCredits } from "@/lib/money";
import { listMovements, type CreditMovement } from "@/lib/payments/movements";
import { kindOf } from "./words";

/** Every movement as CSV, newest first; amounts are credits with 9 decimals. */
export async function movementsCsv(account: Account): Promise<string> {
  const { list } = await listMovements(account);
  const rows = list.map((move) => [
    move.kind === "entry" ? move.at.toISOString() : move.at.toISOString().slice(0, 10),
    kindOf(move),
    sourceText(move),
    formatCredits(move.amount),
    formatCredits(move.balance),
  ]);
  return [["date", "kind", "source", "amount", "balance"], ...rows]
    .map((row) => `${row.map(cell).join(",")}\r\n`)
    .join("");
}

function sourceText(move: CreditMovement): string {
  if (move.kind === "usage") return `${move.requests} requests`;
  if (move.kind === "earlier") return "earlier requests";
  return [move.entry.chain?.hash ?? move.entry._id, move.entry.reason].filter(Boolean).join(" ");
}

/** Escapes text that a spreadsheet would execute as a formula. A negative number is not a formula. */
function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
